"""Contracts that versions of PyTorch are known to have; a fingerprint decides, this only expects."""

FINGERPRINT_SEED = 20

# First version (major, minor) -> contract, newest first.
ONEDNN = (((2, 12), "onednn_3_11"), ((2, 1), "onednn_3"), ((1, 13), "onednn_2"))


def _numbers(version):
    return tuple(int(part) for part in version.split(".")[:2])


def _since(table, version):
    for first, contract in table:
        if _numbers(version) >= first:
            return contract
    return None


def expected(version, operator, dtype):
    """Contract of an engine (or "qconv2d_pointwise") of a version, or None."""
    onednn = _since(ONEDNN, version)
    if dtype == "qint8":
        return "xnnpack" if operator == "qnnpack" else None
    if operator == "qconv2d_pointwise":
        return f"{onednn}_pointwise" if onednn else None
    if operator in ("onednn", "x86"):  # x86 takes onednn where the machine has VNNI
        return onednn
    return operator if operator in ("qnnpack", "fbgemm") else None
