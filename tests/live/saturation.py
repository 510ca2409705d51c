"""Probe: do this machine's int16 instructions saturate inside an engine's convolutions?

Without VNNI, vpmaddubsw adds two products with int16 saturation. Inputs of 255 and weights of 127
reach 64,770 a pair and are cut to 32,767. Each kind of layer is probed, because it depends on the
kernel which products share an instruction.
"""

import numpy as np

import layers
import torch_engine
from torch_engine import Conv

# kind: (in_c, out_c, groups, kernel). FBGEMM's depthwise kernels want multiples of 8 channels, "same"
# padding, and saturate whether the machine has VNNI or not.
PROBES = {
    "dense": (16, 16, 1, 3),
    "pointwise": (64, 16, 1, 1),
    "depthwise": (64, 64, 64, 3),
    "grouped": (16, 16, 2, 3),
    "strided": (16, 16, 1, 3),
    "dilated": (16, 16, 1, 3),
}


def _probe_conv(kind, signed):
    in_c, out_c, groups, kernel = PROBES[kind]
    top, dtype = (127, np.int8) if signed else (255, np.uint8)
    taps = kernel * kernel * in_c // groups
    return Conv(
        x=np.full((1, 13, 13, in_c), top, dtype),
        x_scale=1.0,
        x_zp=0,
        weight=np.full((out_c, kernel, kernel, in_c // groups), 127, np.int8),
        w_scale=np.full(out_c, 1.0),
        bias=None,
        y_scale=taps * top * 127 / 100.0,  # the true output is 100
        y_zp=0,
        pad=(kernel // 2, kernel // 2),
        stride=(2, 2) if kind == "strided" else (1, 1),
        dilation=(2, 2) if kind == "dilated" else (1, 1),
        groups=groups,
    )


def saturates(engine, kind, signed=False):
    """Whether outputs are far from the true 100."""
    found = torch_engine.run(engine, _probe_conv(kind, signed)).astype(np.int32)
    inner = found[:, 2:-2, 2:-2]  # all taps inside the image
    return bool(np.abs(inner - 100).max() > 1)


def probe(engine, signed=False):
    """Kinds of layers that saturate on this engine and machine."""
    return tuple(kind for kind in layers.KINDS if saturates(engine, kind, signed))
