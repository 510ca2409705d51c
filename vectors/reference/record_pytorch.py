"""Records the engines of the PyTorch of this interpreter.

Usage: PYTHON record_pytorch.py OPERATOR=CONTRACT...

OPERATOR is an engine (fbgemm, onednn, x86, qnnpack: torch.ops.quantized.conv2d) or
qconv2d_pointwise (torch.ops.onednn.qconv2d_pointwise). Also sweeps the channels of the shipped
network over all accumulators that they can reach. Needs numpy, torch and PyYAML.
"""

import dataclasses
import os
import pathlib
import sys
import warnings

import numpy as np
import yaml

import bands
import recording

os.environ["LRU_CACHE_CAPACITY"] = "1"  # stale output zero points: tests/live/README.md
warnings.filterwarnings("ignore")
import torch  # noqa: E402

NETWORK = pathlib.Path(__file__).resolve().parents[2] / "config/networks/unet_simplified"


def _weight(layer):
    return torch.from_numpy(layer.weight[:, :, None, None].copy())


def _bias(layer):
    return None if layer.bias is None else torch.from_numpy(layer.bias)


def _input(layer):
    return torch.from_numpy(layer.x[None]).permute(0, 3, 1, 2)


GEOMETRY = ([1, 1], [0, 0], [1, 1], 1)


def run_engine(engine, layer):
    """torch.ops.quantized.conv2d or conv2d_relu, prepacked afresh."""
    family = layer.family
    torch.backends.quantized.engine = engine
    make = torch._make_per_channel_quantized_tensor
    scales = torch.from_numpy(layer.w_scale)
    if family.per_channel:
        weight = make(_weight(layer), scales, torch.zeros(scales.numel(), dtype=torch.long), 0)
    else:
        weight = torch._make_per_tensor_quantized_tensor(_weight(layer), family.w_scale[0], 0)
    packed = torch.ops.quantized.conv2d_prepack(weight, _bias(layer), *GEOMETRY)
    x = torch._make_per_tensor_quantized_tensor(_input(layer), family.x_scale, family.x_zp)
    operator = torch.ops.quantized.conv2d_relu if family.relu else torch.ops.quantized.conv2d
    y = operator(x, packed, family.y_scale, family.y_zp)
    return y.int_repr().permute(0, 2, 3, 1).contiguous().numpy()


def run_pointwise(layer):
    """torch.ops.onednn.qconv2d_pointwise, what models quantized through torch.export call."""
    family, x = layer.family, _input(layer)
    scales = layer.w_scale if family.per_channel else layer.w_scale[:1]
    scales = torch.from_numpy(scales.astype(np.float32))
    zeros = torch.zeros(scales.numel(), dtype=torch.long)
    quant = (family.x_scale, family.x_zp)
    packed = torch.ops.onednn.qconv_prepack(
        _weight(layer), scales, *quant, *GEOMETRY, list(x.shape)
    )
    after = ("relu" if family.relu else "none", [], "")
    out = (family.y_scale, family.y_zp, torch.uint8)
    y = torch.ops.onednn.qconv2d_pointwise(
        x, *quant, packed, scales, zeros, _bias(layer), *GEOMETRY, *out, *after
    )
    return y.permute(0, 2, 3, 1).contiguous().numpy()


def _reach(weight, x_zp):
    """Least and greatest accumulator of any channel, inputs 0 to 255 and padding."""
    taps = weight.reshape(weight.shape[0], -1).astype(np.int64)
    ends = np.stack([taps * (0 - x_zp), taps * (255 - x_zp), taps * 0])
    return int(ends.min(0).sum(1).min()), int(ends.max(0).sum(1).max())


def _covering(family, low, high):
    """The family with as many blocks as the interval needs."""
    block = bands.block_offset(family, 1) - bands.block_offset(family, 0)
    base = bands.base_accumulators(family)
    first = -((base.min() - low) // block) if low < base.min() else 0
    last = -((base.max() - high) // block) if high > base.max() else 0
    first = -abs(int(first)) - 1
    family = dataclasses.replace(family, first_block=first, blocks=int(last) + 1 - first)
    ends = bands.band_ends(family)
    assert ends[0] <= low and high <= ends[1], (ends, low, high)
    return family


def network_families():
    """The shipped network's convolutions, one family a layer, over all reachable accumulators."""
    with open(NETWORK / "network.yaml", encoding="ascii") as file:
        layers = yaml.safe_load(file)["layers"]
    for before, layer in zip(layers, layers[1:]):
        if layer["type"] not in ("Conv2d", "ConvReLU2d"):
            continue
        weight = np.load(NETWORK / layer["weight"])
        bias = None if layer["bias"] is None else np.load(NETWORK / layer["bias"])
        family = bands.Family(
            name=f"unet_simplified {layer['name']}",
            signed=False,
            x_scale=before["scale"],
            x_zp=before["zero_point"],
            y_scale=layer["scale"],
            y_zp=layer["zero_point"],
            relu=layer["type"] == "ConvReLU2d",
            per_channel=layer["qscheme"] == "per_channel_affine",
            w_scale=tuple(np.load(NETWORK / layer["weight_scale"]).tolist()),
            bias=None if bias is None else tuple(bias.tolist()),
            first_block=0,
            blocks=1,
            x_max=255,
        )
        yield _covering(family, *_reach(weight, before["zero_point"]))


def record(operator, contract):
    pointwise = operator == "qconv2d_pointwise"
    name = "torch.ops.onednn.qconv2d_pointwise"
    if not pointwise:
        name = f"torch.ops.quantized.conv2d, conv2d_relu; engine {operator}"
    version = torch.__version__
    source = recording.Source(
        f"PyTorch {version}", name, contract, f"record_pytorch.py {operator}={contract}"
    )

    def run_layer(layer):
        return run_pointwise(layer) if pointwise else run_engine(operator, layer)

    families = list(recording.families()) + list(network_families())
    records = [recording.record_family(family, run_layer) for family in families]
    short = version.split("+")[0].replace(".", "_")
    recording.write(f"pytorch_{short}_{operator}", source, records)


def main():
    torch.set_num_threads(1)
    for argument in sys.argv[1:]:
        record(*argument.split("="))


if __name__ == "__main__":
    sys.exit(main())
