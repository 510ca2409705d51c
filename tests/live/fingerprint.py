"""Which contracts this PyTorch has: by sweeps on which the candidates differ, not by its version."""

import dataclasses

import numpy as np

import bands
import compare
import shim
import torch_engine
import version_table

BLOCKS = (128, 4)  # accumulators near 2^22, where float32 formulas differ often


@dataclasses.dataclass
class Engine:
    """One engine of this PyTorch with the contracts that the fingerprint found."""

    name: str  # PyTorch's name
    dtype: str  # "quint8" or "qint8" activations
    contracts: dict  # {"per_channel": [names], "per_tensor": [names]}: those that fit
    expected: str = None  # the version table's contract, or None
    saturating: tuple = ()  # kinds of layers whose int16 instructions saturate here

    @property
    def label(self):
        return self.name if self.dtype == "quint8" else f"{self.name}-{self.dtype}"

    def contract(self, per_channel):
        """The contract to compare with; the expected one if several fit."""
        fitting = self.contracts["per_channel" if per_channel else "per_tensor"]
        return self.expected if self.expected in fitting else fitting[0]

    @property
    def known(self):
        return all(self.contracts.values())

    def x_max(self, kind):
        """Greatest input integer that this kind of layer is compared with."""
        return 127 if kind in self.saturating else 255


def _family(kind, signed, x_max):
    rng = np.random.default_rng([version_table.FINGERPRINT_SEED, kind == "random"])
    low = -128 if signed else 0
    family = bands.draw_family(rng, kind, signed=signed, x_max=x_max, x_zp=low + 3)
    first, blocks = BLOCKS
    family = dataclasses.replace(family, first_block=first, blocks=blocks)
    middle, width = np.mean(bands.band_ends(family)), np.ptp(bands.band_ends(family))
    unit = 255 / width * family.y_scale / family.x_scale
    spread = rng.uniform(0.8, 1.6, family.channels) if family.per_channel else [1.1]
    w_scale = tuple(float(unit * value) for value in np.resize(spread, family.channels))
    bias = [-middle * family.x_scale * scale + 128 * family.y_scale for scale in w_scale]
    bias = tuple(float(np.float32(value * rng.uniform(0.999, 1.001))) for value in bias)
    zp = low + 5
    return dataclasses.replace(family, w_scale=w_scale, bias=bias, relu=False, y_zp=zp)


def _outputs(operator, family):
    """[(layer, outputs)] of a sweep."""
    return [
        (layer, torch_engine.run_operator(operator, torch_engine.band_conv(layer)))
        for layer in bands.band_layers(family)
    ]


def _wrong(library, contract, outputs):
    """Outputs that differ from a contract, or None if it refuses the scales."""
    try:
        results = [compare.band_against(library, contract, *pair) for pair in outputs]
    except shim.RefusedScale:
        return None
    return sum(result.differ for result in results)


def counts(library, operator, per_channel, signed=False, x_max=255):
    """{contract: outputs that differ} for every contract that accepts the scales."""
    kind = "random" if per_channel else "per_tensor"
    outputs = _outputs(operator, _family(kind, signed, x_max))
    wrong = {name: _wrong(library, name, outputs) for name in library.contracts()}
    return {name: count for name, count in wrong.items() if count is not None}


def find(library, operator, dtype="quint8", saturating=()):
    """Engine with the contracts that fit, and the counts behind them for the report."""
    seen, fitting = {}, {}
    x_max = 127 if "pointwise" in saturating else 255
    for form in ("per_channel", "per_tensor"):
        seen[form] = counts(library, operator, form == "per_channel", dtype == "qint8", x_max)
        fitting[form] = [name for name, wrong in seen[form].items() if wrong == 0]
    expected = version_table.expected(torch_engine.version(), operator, dtype)
    return Engine(operator, dtype, fitting, expected, tuple(saturating)), seen


def find_quantize(library):
    """{"mul": outputs that differ, "fma": ...} on near ties, zero points odd."""
    wrong = {"mul": 0, "fma": 0}
    rng = np.random.default_rng(version_table.FINGERPRINT_SEED)
    for _ in range(4):
        scale, zero_point = float(10 ** rng.uniform(-3, 0)), int(rng.integers(0, 128)) * 2 + 1
        values = ((rng.integers(-300, 300, 50000) + 0.5) * scale).astype(np.float32)
        found = torch_engine.quantize(values, scale, zero_point, False).numpy()
        for form in wrong:
            expected = library.quantize(
                form, scale, zero_point, False, values, np.empty_like(found)
            )
            wrong[form] += int(np.count_nonzero(expected != found))
    return wrong


def _nearest(seen, fitting):
    """How far the next contract is, in words."""
    others = {name: wrong for name, wrong in seen.items() if name not in fitting}
    if not others:
        return "no other candidate"
    name = min(others, key=others.get)
    return f"{name} differs in {others[name]:,}"


def describe(engine, seen):
    """Lines for the report."""
    lines = []
    for form, fitting in engine.contracts.items():
        names = " = ".join(fitting) if fitting else "unknown"
        lines.append(
            f"{engine.label} {form}: {names} (next: {_nearest(seen[form], fitting)}; "
            f"the version table says {engine.expected or 'nothing'})"
        )
    return lines
