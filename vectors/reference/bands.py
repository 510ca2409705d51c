"""Convolutions whose accumulators fill bands of integers without a gap, for any quantized library.

A 1x1 convolution of two input channels with weights 127 and 1 on an image of all pairs (x0, x1)
has the accumulators 127*(x0 - x_zp) + (x1 - x_zp): 32,641 integers in a row for 8-bit inputs.
Further input channels of one constant value add a fixed offset to an output channel, chosen by its
weights, so that the bands of several output channels join end to end. An output channel that is
swept over such a band shows its whole step function there: for every accumulator, one output.
"""

import dataclasses
import math

import numpy as np

COARSE, FINE = 127, 1  # weights of the two varying channels
WIDTHS = (64, 31, 17, 3, 1)  # output channels of one layer, in turn


@dataclasses.dataclass(frozen=True)
class Family:
    """Channels that are swept over the same band. Scales are Python floats, that is doubles."""

    name: str
    signed: bool  # activations are qint8, else quint8
    x_scale: float
    x_zp: int
    y_scale: float
    y_zp: int
    relu: bool
    per_channel: bool  # else every w_scale is the same
    w_scale: tuple  # one a channel
    bias: tuple  # float32 values in real units, one a channel; or None
    first_block: int  # the band is made of blocks first_block .. first_block + blocks - 1
    blocks: int
    x_max: int  # greatest input integer in use: 127 where int16 instructions saturate

    @property
    def channels(self):
        return len(self.w_scale)


@dataclasses.dataclass(frozen=True)
class BandLayer:
    """One layer of a sweep: acc[pixel, c] = base[pixel] + offset[c], all weights 1x1."""

    family: Family
    x: np.ndarray  # [rows][columns][in_c], uint8 or int8
    weight: np.ndarray  # int8 [out_c][in_c]
    channel: np.ndarray  # [out_c], index into the family's channels
    base: np.ndarray  # int32 [rows * columns]
    offset: np.ndarray  # int32 [out_c]

    @property
    def w_scale(self):
        return np.array(self.family.w_scale)[self.channel]

    @property
    def bias(self):
        if self.family.bias is None:
            return None
        return np.array(self.family.bias, np.float32)[self.channel]


def input_range(family):
    """Least and greatest input integer."""
    return (-128, min(127, family.x_max)) if family.signed else (0, family.x_max)


def base_accumulators(family):
    """int32 accumulators of all pairs, row by row, without an offset."""
    low, high = input_range(family)
    x = np.arange(low, high + 1, dtype=np.int32) - family.x_zp
    return (COARSE * x[:, None] + FINE * x[None, :]).reshape(-1)


def constant_input(family):
    """The constant channels' integer: the end of the range farther from the zero point."""
    low, high = input_range(family)
    return high if high - family.x_zp >= family.x_zp - low else low


def block_weight(family, block):
    """Sum of the constant channels' weights for a block; neighbouring blocks overlap or touch."""
    low, high = input_range(family)
    width = COARSE * (high - low) + FINE * (high - low) + 1
    step = width // abs(constant_input(family) - family.x_zp)
    sign = 1 if constant_input(family) > family.x_zp else -1
    return sign * step * block


def block_offset(family, block):
    return (constant_input(family) - family.x_zp) * block_weight(family, block)


def band_ends(family):
    """Least and greatest accumulator of the family's band; raises if the band has a gap."""
    base = np.unique(base_accumulators(family))
    if base[-1] - base[0] + 1 != base.size:
        raise ValueError("the pairs leave a gap")
    last = family.first_block + family.blocks - 1
    for block in range(family.first_block, last):
        if block_offset(family, block + 1) - block_offset(family, block) > base.size:
            raise ValueError("two blocks leave a gap")
    return int(base[0]) + block_offset(family, family.first_block), int(base[-1]) + block_offset(
        family, last
    )


def _spread(total, count):
    """`count` int8 weights with the given sum, each between -127 and 127."""
    full, rest = divmod(abs(total), 127)
    weights = np.zeros(count, np.int64)
    weights[:full] = 127
    if rest:
        weights[full] = rest
    return np.sign(total) * weights


def _image(family, constants):
    low, high = input_range(family)
    values = np.arange(low, high + 1)
    dtype = np.int8 if family.signed else np.uint8
    x = np.full((values.size, values.size, 2 + constants), constant_input(family), dtype)
    x[:, :, 0] = values[:, None]
    x[:, :, 1] = values[None, :]
    return x


def band_layers(family):
    """The layers that sweep every channel of a family over its band, of 64, 31, 17, 3, 1, 64, ...
    output channels."""
    blocks = range(family.first_block, family.first_block + family.blocks)
    jobs = [(block, channel) for block in blocks for channel in range(family.channels)]
    constants = max(math.ceil(abs(block_weight(family, block)) / 127) for block in blocks)
    x, base = _image(family, constants), base_accumulators(family)
    start, turn = 0, 0
    while start < len(jobs):
        part = jobs[start : start + WIDTHS[turn % len(WIDTHS)]]
        weight = np.empty((len(part), 2 + constants), np.int8)
        weight[:, :2] = COARSE, FINE
        for row, (block, _) in enumerate(part):
            weight[row, 2:] = _spread(block_weight(family, block), constants)
        yield BandLayer(
            family,
            x,
            weight,
            np.array([channel for _, channel in part]),
            base.astype(np.int32),
            np.array([block_offset(family, block) for block, _ in part], np.int32),
        )
        start, turn = start + len(part), turn + 1


NEAR = -8  # first block of the bands around zero

# Kinds of families. `slope` is the range of the number of output steps, in units of the 255 steps
# of a whole output range, that the band holds.
KINDS = {
    # name: (first block, blocks, slope range, what it shows)
    "random": (NEAR, 16, (0.4, 3.0), "any scales"),
    "float32": (NEAR, 16, (0.4, 3.0), "scales that are float32 numbers, as observers give them"),
    "ties": (NEAR, 16, (0.5, 4.0), "power-of-two scales: exact ties"),
    "no_bias": (NEAR, 16, (0.4, 3.0), "the library is given no bias"),
    "per_tensor": (NEAR, 16, (0.4, 3.0), "one weight scale for all channels"),
    "per_tensor_ties": (NEAR, 16, (0.5, 4.0), "one power-of-two weight scale"),
    "clamps": (NEAR, 16, (5.0, 100.0), "nearly all of the band at the two clamps"),
    "beyond": (512, 8, (0.4, 3.0), "accumulators past 2^24, brought back by the bias"),
    "below": (-520, 8, (0.4, 3.0), "accumulators below -2^24, brought back by the bias"),
    "shallow": (512, 8, (0.02, 0.03), "past 2^24 without a bias: very small scales"),
    "per_tensor_beyond": (512, 8, (0.4, 3.0), "one weight scale, past 2^24, brought back"),
}

FAR = tuple(kind for kind, (first, *_) in KINDS.items() if first != NEAR)


def _power_of_two(value):
    return 2.0 ** round(math.log2(value))


def _bias(rng, kind, family_ends, slope, y_scale):
    """Real-valued biases that bring the band's middle near the output range."""
    middle = (family_ends[0] + family_ends[1]) / 2
    steps = rng.uniform(-100, 100, slope.size)
    if kind.endswith(("beyond", "below")):
        steps = steps - slope * middle
    unit = slope * y_scale
    if kind.endswith("ties"):
        return (np.rint(steps / slope) * unit).astype(np.float32)
    return (steps * y_scale).astype(np.float32)


def draw_family(
    rng, kind, channels=16, signed=False, x_max=255, stretch=1, x_zp=None, float32=False
):
    """A random family of one of KINDS; `stretch` multiplies the number of blocks of bands around
    zero. float32: all scales are float32 numbers, as file formats keep them."""
    first, blocks, slopes, _ = KINDS[kind]
    low, high = (-128, 127) if signed else (0, 255)
    if x_zp is None:
        x_zp = int(rng.integers(low, min(x_max, high) + 1))
    if kind == "shallow":
        x_zp = low  # all far accumulators are then positive
    if first == NEAR:
        first, blocks = first * stretch, blocks * stretch
    frame = Family(kind, signed, 1.0, x_zp, 1.0, 0, False, True, (1.0,), None, first, blocks, x_max)
    ends = band_ends(frame)
    relu = bool(rng.random() < 0.3)
    y_zp = int(rng.integers(low, high + 1 - relu))
    x_scale, y_scale = 10 ** rng.uniform(-3, -0.5), 10 ** rng.uniform(-3, 0)
    slope = np.exp(rng.uniform(*np.log(slopes), channels)) * 255 / (ends[1] - ends[0])
    if kind == "shallow":  # the step function starts at zero, far from the band
        slope = rng.uniform(0.3, 0.95, channels) * 255 / ends[1]
        y_zp = low
    per_channel = not kind.startswith("per_tensor")
    if not per_channel:
        slope[:] = slope[0]
    w_scale = slope * y_scale / x_scale
    if kind.endswith("ties"):
        x_scale, y_scale = _power_of_two(x_scale), _power_of_two(y_scale)
        w_scale = np.array([_power_of_two(value) for value in slope * y_scale / x_scale])
    if kind == "float32" or float32:
        x_scale, y_scale = float(np.float32(x_scale)), float(np.float32(y_scale))
        w_scale = w_scale.astype(np.float32).astype(np.float64)
    slope = x_scale * w_scale / y_scale
    bias = None
    if kind not in ("no_bias", "shallow"):
        bias = tuple(float(value) for value in _bias(rng, kind, ends, slope, y_scale))
    return dataclasses.replace(
        frame,
        x_scale=float(x_scale),
        y_scale=float(y_scale),
        y_zp=y_zp,
        relu=relu,
        per_channel=per_channel,
        w_scale=tuple(float(value) for value in w_scale),
        bias=bias,
    )
