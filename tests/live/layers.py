"""Random layers of every kind, each a pure function of (seed, kind, index)."""

import dataclasses
import math

import numpy as np

import compare
import defects
import report as reporting
import shim
import torch_engine
from torch_engine import Conv

KINDS = ("dense", "pointwise", "depthwise", "grouped", "strided", "dilated")
DEPTHWISE_CHANNELS = (2, 8, 24, 64)  # an upper end for most, and multiples of eight


def _geometry(rng, kind):
    """(in_c, out_c, groups, kernel, stride, dilation) of a layer."""
    kernel = (int(rng.choice([1, 2, 3, 5])), int(rng.choice([1, 3, 5])))
    if rng.random() < 0.6:
        kernel = (3, 3)
    in_c, out_c, groups = int(rng.integers(1, 25)), int(rng.integers(1, 25)), 1
    stride, dilation = (1, 1), (1, 1)
    if kind == "pointwise":
        kernel, in_c, out_c = (1, 1), int(rng.integers(1, 97)), int(rng.integers(1, 65))
    if kind == "depthwise":
        square = int(rng.choice([3, 3, 5]))
        kernel = (square, square)
        in_c = int(rng.choice(DEPTHWISE_CHANNELS)) + int(rng.choice([0, 0, 1, 5]))
        out_c = groups = in_c
    if kind == "grouped":
        groups = int(rng.choice([2, 3, 4]))
        in_c, out_c = groups * int(rng.integers(1, 9)), groups * int(rng.integers(1, 9))
    if kind == "strided":
        stride = tuple(int(value) for value in rng.integers(1, 4, 2))
        stride = (2, 2) if stride == (1, 1) else stride
    if kind == "dilated":
        dilation = tuple(int(value) for value in rng.integers(2, 4, 2))
        kernel = (3, 3)
    return in_c, out_c, groups, kernel, stride, dilation


def _weights(rng, shape):
    if rng.random() < 0.5:
        return rng.integers(-128, 128, shape).astype(np.int8)
    return np.clip(np.rint(rng.normal(0, 40, shape)), -128, 127).astype(np.int8)


def _inputs(rng, shape, low, high, x_zp):
    if rng.random() < 0.5:
        return rng.integers(low, high + 1, shape)
    return np.clip(np.rint(rng.normal(x_zp, 30, shape)), low, high)


def _scales(rng, taps, out_c, per_channel):
    """x_scale, w_scale, y_scale with most outputs inside the range."""
    x_scale, y_scale = 10 ** rng.uniform(-3, -0.5), 10 ** rng.uniform(-3, 0)
    slope = rng.uniform(20, 200) / (math.sqrt(taps) * 70 * 70)
    w_scale = slope * y_scale / x_scale * 10 ** rng.uniform(-0.5, 0.2, out_c)
    if rng.random() < 0.25:  # exact ties
        x_scale, y_scale = (2.0 ** round(math.log2(value)) for value in (x_scale, y_scale))
        w_scale = 2.0 ** np.rint(np.log2(w_scale))
    elif rng.random() < 0.5:  # as observers give them
        x_scale, y_scale = float(np.float32(x_scale)), float(np.float32(y_scale))
        w_scale = w_scale.astype(np.float32).astype(np.float64)
    if not per_channel:
        w_scale[:] = w_scale[0]
    return float(x_scale), w_scale, float(y_scale)


def draw(seed, kind, index, signed=False, x_max=255):
    """Layer number `index` of a kind. Inputs and zero point do not exceed x_max."""
    rng = np.random.default_rng([seed, KINDS.index(kind), index, signed])
    in_c, out_c, groups, kernel, stride, dilation = _geometry(rng, kind)
    low, high = (-128, min(127, x_max)) if signed else (0, x_max)
    x_zp = int(rng.integers(low, high + 1))
    reach = [dilation[axis] * (kernel[axis] - 1) + 1 for axis in (0, 1)]
    size = [reach[axis] + int(rng.integers(0, 8)) for axis in (0, 1)]
    shape = (int(rng.integers(1, 3)), size[0], size[1], in_c)
    x = _inputs(rng, shape, low, high, x_zp).astype(np.int8 if signed else np.uint8)
    weight = _weights(rng, (out_c, kernel[0], kernel[1], in_c // groups))
    per_channel, relu = bool(rng.random() < 0.7), bool(rng.random() < 0.4)
    taps = weight[0].size
    x_scale, w_scale, y_scale = _scales(rng, taps, out_c, per_channel)
    bias = (rng.normal(0, 40, out_c) * y_scale).astype(np.float32) if rng.random() < 0.75 else None
    least, greatest = (-128, 127) if signed else (0, 255)
    return Conv(
        x=x,
        x_scale=x_scale,
        x_zp=x_zp,
        weight=weight,
        w_scale=w_scale,
        bias=bias,
        y_scale=y_scale,
        y_zp=int(rng.integers(least, greatest + 1 - relu)),
        relu=relu,
        per_channel=per_channel,
        stride=stride,
        pad=tuple(int(rng.integers(0, kernel[axis])) for axis in (0, 1)),
        dilation=dilation,
        groups=groups,
        channels_last=bool(rng.random() < 0.5),
    )


def describe(conv):
    """One line with everything but the tensors."""
    return (
        f"x {conv.x.shape} scale {conv.x_scale!r} zp {conv.x_zp}, weight OHWI {conv.weight.shape} "
        f"{'per channel' if conv.per_channel else 'per tensor'}, "
        f"bias {'no' if conv.bias is None else 'yes'}, stride {conv.stride}, pad {conv.pad}, "
        f"dilation {conv.dilation}, groups {conv.groups}, relu {conv.relu}, "
        f"y scale {conv.y_scale!r} zp {conv.y_zp}"
    )


def _one(context, engine, kind, index):
    """(conv, result) of one layer; the result is None if PyTorch is known to be wrong there."""
    signed = engine.dtype == "qint8"
    conv = draw(context.seed, kind, index, signed, engine.x_max(kind))
    if defects.known(engine, conv):
        return conv, None
    contract = engine.contract(conv.per_channel)
    found = torch_engine.run_operator(engine.name, conv)
    return conv, compare.conv_against(context.library, contract, conv, found)


def _kind(context, engine, kind, indices):
    total = differ = bad = left_out = 0
    details, replay = [], None
    for index in indices:
        conv, result = _one(context, engine, kind, index)
        if result is None:
            left_out += 1
            continue
        total += result.compared
        differ += result.differ
        bad += result.differ > 0
        if result.differ and replay is None:
            replay = f"layers:{engine.label}:{kind}:{index}"
            details = [
                f"layer {index}: {describe(conv)}",
                reporting.difference(result, conv.out_shape()),
            ]
    if left_out:
        context.report.open(f"layers {engine.label} {kind}: {left_out} with a known defect")
    name = f"layers {engine.label} {kind}, {len(indices) - left_out:,} layers, {bad} of them wrong"
    context.report.check(name, total, differ, details, replay)


def _siblings(context, engine, indices):
    """Pairs of layers that differ in their output zero point only (the second one is compared)."""
    total = wrong = 0
    for index in indices:
        conv = draw(context.seed, "dense", index, engine.dtype == "qint8", engine.x_max("dense"))
        conv = dataclasses.replace(conv, relu=False, y_zp=10)
        torch_engine.run_operator(engine.name, conv)
        conv = dataclasses.replace(conv, y_zp=100)
        found = torch_engine.run_operator(engine.name, conv)
        contract = engine.contract(conv.per_channel)
        result = compare.conv_against(context.library, contract, conv, found)
        total, wrong = total + result.compared, wrong + result.differ
    name = f"layers {engine.label} after one that differs in the output zero point only"
    context.report.check(name, total, wrong, ["a cached output zero point was used"])


def run(context, engine, kinds=KINDS, indices=None):
    """All random layers of an engine, `context.layers` of every kind."""
    if indices is None:
        _siblings(context, engine, range(min(100, context.layers)))
    for kind in kinds:
        try:
            _kind(context, engine, kind, indices or range(context.layers))
        except (RuntimeError, shim.ShimError) as error:
            text = str(error).splitlines()[0]
            context.report.fail(f"layers {engine.label} {kind}", text)
