"""Compares one convolution of this PyTorch with a contract of the golden library."""

import numpy as np

import shim
import torch_engine


def shim_layer(conv):
    scales = conv.w_scale if conv.per_channel else [conv.w_scale[0]] * conv.weight.shape[0]
    return shim.make_layer(
        conv.x_scale,
        conv.x_zp,
        scales,
        conv.bias,
        conv.y_scale,
        conv.y_zp,
        conv.signed,
        conv.relu,
        conv.per_channel,
    )


def accumulators(library, conv):
    """int32 [n][y][x][c] of the golden library's plain reference convolution."""
    acc = np.empty(conv.out_shape(), np.int32)
    batch = conv.x.shape[0]
    return library.accumulate(shim_layer(conv), conv.shape(), batch, conv.x, conv.weight, acc)


def expected(library, contract, conv):
    """Output integers [n][y][x][c] of reference convolution and contract."""
    acc = accumulators(library, conv)
    out = np.empty(acc.shape, conv.x.dtype)
    return library.requantize(contract, shim_layer(conv), acc, out)


def conv_against(library, contract, conv, found):
    """Counts and first difference of a layer's outputs `found` [n][y][x][c]."""
    assert found.shape == conv.out_shape(), (found.shape, conv.out_shape())
    acc = accumulators(library, conv).reshape(-1, conv.weight.shape[0])
    return _against(library, contract, conv, acc, found)


def _against(library, contract, conv, acc, found):
    """A tensor of its own accumulators is one long sweep of one-pixel bands."""
    result = shim.Result(index=-1)
    out = np.empty(acc.shape, conv.x.dtype)
    library.requantize(contract, shim_layer(conv), acc, out)
    wrong = np.flatnonzero(out.reshape(-1) != found.reshape(-1))
    result.compared, result.differ = out.size, wrong.size
    if wrong.size:
        first = int(wrong[0])
        result.index, result.acc = first, int(acc.reshape(-1)[first])
        result.expected = int(out.reshape(-1)[first])
        result.found = int(found.reshape(-1)[first])
    return result


def band_against(library, contract, layer, found):
    """Counts and first difference of a sweep's layer (vectors/reference/bands.py)."""
    conv = torch_engine.band_conv(layer)
    return library.sweep(contract, shim_layer(conv), layer.base, layer.offset, found)
