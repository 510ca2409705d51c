"""Which contracts this PyTorch has: by sweeps on which the candidates differ, not by its version."""

import dataclasses

import numpy as np

import bands
import compare
import shim
import torch_engine
import version_table

FORMS = ("per_channel", "per_tensor")
BLOCKS = (128, 4)  # accumulators near 2^22, where float32 formulas differ often


def label(operator, dtype):
    """An engine's name on the command line and in reports."""
    return operator if dtype == "quint8" else f"{operator}-{dtype}"


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
        return label(self.name, self.dtype)

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


def _inverts_to_another(scale):
    """Whether the reciprocal's reciprocal in float32 is not the scale: some formulas differ then."""
    return np.float32(1) / np.float32(1.0 / scale) != np.float32(scale)


def _divides_to_another(family, w_scale):
    """Whether dividing by y_scale in float32 is not multiplying by its reciprocal."""
    product, y_scale = np.float32(w_scale) * np.float32(family.x_scale), np.float32(family.y_scale)
    return product / y_scale != product * (np.float32(1) / y_scale)


def _search(rng, scale, tells):
    """A scale close to this one for which tells(scale) holds."""
    while not tells(scale):
        scale = float(scale * rng.uniform(0.99, 1.01))
    return scale


def _frame(rng, per_channel, signed, x_max):
    """A family without biases on the fingerprint's band; its scales are not chosen yet."""
    low, (first, blocks) = -128 if signed else 0, BLOCKS
    kind = "no_bias" if per_channel else "per_tensor"
    family = bands.draw_family(rng, kind, signed=signed, x_max=x_max, x_zp=low + 3)
    return dataclasses.replace(
        family,
        x_scale=_search(rng, family.x_scale, _inverts_to_another),
        y_scale=_search(rng, family.y_scale, _inverts_to_another),
        y_zp=low + 5,
        relu=False,
        bias=None,
        first_block=first,
        blocks=blocks,
    )


def _w_scales(rng, family, slope):
    """Scales whose slopes (output steps an accumulator) are 0.5 to 1 times `slope`."""

    def tells(scale):
        return _inverts_to_another(scale) and _divides_to_another(family, scale)

    unit = slope * family.y_scale / family.x_scale
    spread = unit * rng.uniform(0.5, 1, family.channels if family.per_channel else 1)
    return tuple(np.resize([_search(rng, scale, tells) for scale in spread], family.channels))


def _families(per_channel, signed, x_max):
    """One family whose biases bring the band back into the output range, one without biases."""
    rng = np.random.default_rng([version_table.FINGERPRINT_SEED, per_channel])
    plain = _frame(rng, per_channel, signed, x_max)
    low, high = bands.band_ends(plain)
    biased = dataclasses.replace(plain, w_scale=_w_scales(rng, plain, 400 / (high - low)))
    bias = [-(low + high) / 2 * plain.x_scale * scale for scale in biased.w_scale]
    bias = [(value + 120 * plain.y_scale) * rng.uniform(0.999, 1.001) for value in bias]
    bias = tuple(float(np.float32(value)) for value in bias)
    yield dataclasses.replace(biased, bias=bias)
    yield dataclasses.replace(plain, w_scale=_w_scales(rng, plain, 240 / high))


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


def _candidates(library):
    """Contracts that some PyTorch computes (golden/contract.h: engines)."""
    contracts = library.contracts()
    return [name for name, engines in contracts.items() if engines.startswith("PyTorch")]


def counts(library, operator, per_channel, signed=False, x_max=255):
    """{contract: outputs that differ} for every candidate that accepts the scales."""
    outputs = []
    for family in _families(per_channel, signed, x_max):
        outputs += _outputs(operator, family)
    wrong = {name: _wrong(library, name, outputs) for name in _candidates(library)}
    return {name: count for name, count in wrong.items() if count is not None}


def find(library, operator, dtype="quint8", saturating=()):
    """Engine with the contracts that fit, and the counts behind them for the report."""
    seen, fitting = {}, {}
    x_max = 127 if "pointwise" in saturating else 255
    for form in FORMS:
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
