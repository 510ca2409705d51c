"""Runs quantized convolutions in this interpreter's PyTorch, prepacked afresh for every call."""

import dataclasses
import importlib.metadata
import os
import warnings

import numpy as np

# PyTorch 1.13.1's cache of oneDNN primitives does not look at the output zero point: an onednn layer
# gets that of an earlier layer of equal shape and equal combined scale, prepacked afresh or not.
# One entry is too few for that, because prepacking makes a primitive too; 0 crashes 1.13.1.
os.environ["LRU_CACHE_CAPACITY"] = "1"
# The oneDNN of PyTorch 1.13 writes beyond a buffer in 1x1 layers on processors with AMX, and the
# interpreter aborts. Its sums are integers: which instructions add them does not matter.
if importlib.metadata.version("torch").startswith("1."):
    os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_BF16")  # the last one without AMX
warnings.filterwarnings("ignore")  # quantized tensors are deprecated in new versions
import torch  # noqa: E402

ENGINES = ("qnnpack", "onednn", "fbgemm", "x86")  # those that have a numeric contract of their own


@dataclasses.dataclass
class Conv:
    """A quantized convolution. Activations NHWC (uint8, or int8 for qint8), weights OHWI."""

    x: np.ndarray
    x_scale: float
    x_zp: int
    weight: np.ndarray  # int8 [out_c][ky][kx][in_c / groups]
    w_scale: np.ndarray  # float64 [out_c]; the first one serves all when not per_channel
    bias: np.ndarray  # float32 [out_c], or None
    y_scale: float
    y_zp: int
    relu: bool = False
    per_channel: bool = True
    stride: tuple = (1, 1)
    pad: tuple = (0, 0)
    dilation: tuple = (1, 1)
    groups: int = 1
    channels_last: bool = True

    @property
    def signed(self):
        return self.x.dtype == np.int8

    def shape(self):
        """The numbers of struct assay_conv_shape, in order."""
        _, in_y, in_x, in_c = self.x.shape
        out_c, kernel_y, kernel_x, _ = self.weight.shape
        pads = (self.pad[0], self.pad[0], self.pad[1], self.pad[1])
        sizes = (in_y, in_x, in_c, out_c, kernel_y, kernel_x)
        return sizes + tuple(self.stride) + tuple(self.dilation) + pads + (self.groups,)

    def out_shape(self):
        """[n][y][x][c] of the output."""
        size = []
        for axis in (0, 1):
            reach = self.dilation[axis] * (self.weight.shape[1 + axis] - 1) + 1
            room = self.x.shape[1 + axis] + 2 * self.pad[axis] - reach
            size.append(room // self.stride[axis] + 1)
        return (self.x.shape[0], size[0], size[1], self.weight.shape[0])


def set_threads(count):
    torch.set_num_threads(count)


def version():
    return torch.__version__


def engines():
    """Engines that this PyTorch has and that we compare."""
    return [name for name in ENGINES if name in torch.backends.quantized.supported_engines]


def _weight(conv):
    weight = torch.from_numpy(conv.weight).permute(0, 3, 1, 2).contiguous()
    if not conv.per_channel:
        return torch._make_per_tensor_quantized_tensor(weight, float(conv.w_scale[0]), 0)
    scales = torch.from_numpy(np.ascontiguousarray(conv.w_scale, np.float64))
    zeros = torch.zeros(len(conv.w_scale), dtype=torch.long)
    return torch._make_per_channel_quantized_tensor(weight, scales, zeros, 0)


def _input(conv):
    x = torch.from_numpy(conv.x).permute(0, 3, 1, 2)
    x = x if conv.channels_last else x.contiguous()
    return torch._make_per_tensor_quantized_tensor(x, conv.x_scale, conv.x_zp)


def _bias(conv):
    return None if conv.bias is None else torch.from_numpy(np.asarray(conv.bias, np.float32))


def run(engine, conv):
    """Output integers, NHWC, of torch.ops.quantized.conv2d or conv2d_relu."""
    torch.backends.quantized.engine = engine
    packed = torch.ops.quantized.conv2d_prepack(
        _weight(conv),
        _bias(conv),
        list(conv.stride),
        list(conv.pad),
        list(conv.dilation),
        conv.groups,
    )
    operator = torch.ops.quantized.conv2d_relu if conv.relu else torch.ops.quantized.conv2d
    y = operator(_input(conv), packed, conv.y_scale, conv.y_zp)
    return y.int_repr().permute(0, 2, 3, 1).contiguous().numpy()


def run_pointwise(conv):
    """The same convolution through torch.ops.onednn.qconv2d_pointwise, which PT2E models use."""
    weight = torch.from_numpy(conv.weight).permute(0, 3, 1, 2).contiguous()
    scales = conv.w_scale if conv.per_channel else conv.w_scale[:1]
    scales = torch.from_numpy(np.asarray(scales, np.float32))
    zeros = torch.zeros(scales.numel(), dtype=torch.long)
    x = torch.from_numpy(conv.x).permute(0, 3, 1, 2)
    geometry = [list(conv.stride), list(conv.pad), list(conv.dilation), conv.groups]
    packed = torch.ops.onednn.qconv_prepack(
        weight, scales, conv.x_scale, conv.x_zp, *geometry, list(x.shape)
    )
    y = torch.ops.onednn.qconv2d_pointwise(
        x,
        conv.x_scale,
        conv.x_zp,
        packed,
        scales,
        zeros,
        _bias(conv),
        *geometry,
        conv.y_scale,
        conv.y_zp,
        torch.int8 if conv.signed else torch.uint8,
        "relu" if conv.relu else "none",
        [],
        "",
    )
    return y.permute(0, 2, 3, 1).contiguous().numpy()


def has_pointwise():
    """Whether this PyTorch has the operator, from the version on whose arguments are these."""
    try:
        torch.ops.onednn.qconv2d_pointwise  # noqa: B018
    except (AttributeError, RuntimeError):
        return False
    return tuple(int(part) for part in version().split(".")[:2]) >= (2, 7)


def run_operator(operator, conv):
    """operator: an engine's name, or "qconv2d_pointwise"."""
    return run_pointwise(conv) if operator == "qconv2d_pointwise" else run(operator, conv)


def quantize(values, scale, zero_point, signed):
    """Integers of torch.quantize_per_tensor."""
    dtype = torch.qint8 if signed else torch.quint8
    return torch.quantize_per_tensor(torch.from_numpy(values), scale, zero_point, dtype).int_repr()


def dequantize(integers, scale, zero_point):
    """float32 values of a quantized tensor."""
    return torch._make_per_tensor_quantized_tensor(
        torch.from_numpy(integers), scale, zero_point
    ).dequantize()


def band_conv(layer):
    """A sweep's layer (vectors/reference/bands.py) as a convolution."""
    family = layer.family
    return Conv(
        x=layer.x[None],
        x_scale=family.x_scale,
        x_zp=family.x_zp,
        weight=layer.weight[:, None, None, :],
        w_scale=layer.w_scale,
        bias=layer.bias,
        y_scale=family.y_scale,
        y_zp=family.y_zp,
        relu=family.relu,
        per_channel=family.per_channel,
    )
