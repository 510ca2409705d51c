"""quantize_per_tensor and dequantize of this PyTorch against the golden library's forms."""

import numpy as np

import torch_engine

CASES = 12  # scales and zero points a dtype
COUNT = 100_000  # values a case, half of them near ties


def _values(rng, scale):
    half = COUNT // 2
    ties = (rng.integers(-400, 400, half) + 0.5) * scale
    ties = ties * (1 + rng.integers(-2, 3, half) * 2.0**-24)  # on a tie and one float beside it
    rest = rng.normal(0, 100, COUNT - half) * scale
    return np.concatenate([ties, rest]).astype(np.float32)


def _case(context, signed, index):
    rng = np.random.default_rng([context.seed, index, signed, 11])
    low, high = (-128, 127) if signed else (0, 255)
    scale, zero_point = float(10 ** rng.uniform(-3, 1)), int(rng.integers(low, high + 1))
    return scale, zero_point, _values(rng, scale)


def _details(dtype, index, scale, zero_point, value, expected, found):
    return [
        f"{dtype} case {index}: value {value!r}, scale {scale!r}, zero point {zero_point}: "
        f"expected {expected}, found {found}"
    ]


def _quantize(context, form, dtype, indices):
    signed, total, wrong, details, replay = dtype == "qint8", 0, 0, [], None
    for index in indices:
        scale, zero_point, values = _case(context, signed, index)
        found = torch_engine.quantize(values, scale, zero_point, signed).numpy()
        expected = context.library.quantize(
            form, scale, zero_point, signed, values, np.empty_like(found)
        )
        bad = np.flatnonzero(expected != found)
        total, wrong = total + values.size, wrong + bad.size
        if bad.size and replay is None:
            at, replay = bad[0], f"quantize:{dtype}:{form}:{index}"
            details = _details(
                dtype, index, scale, zero_point, float(values[at]), expected[at], found[at]
            )
    name = f"quantize_per_tensor {dtype}, form {form}, half of the values near ties"
    context.report.check(name, total, wrong, details, replay)


def _dequantize(context, dtype, indices):
    signed, total, wrong, details, replay = dtype == "qint8", 0, 0, [], None
    for index in indices:
        scale, zero_point, _ = _case(context, signed, index)
        integers = np.arange(256).astype(np.uint8)
        integers = integers.view(np.int8) if signed else integers
        found = torch_engine.dequantize(integers, scale, zero_point).numpy()
        expected = context.library.dequantize(
            scale, zero_point, signed, integers, np.empty_like(found)
        )
        bad = np.flatnonzero(expected.view(np.int32) != found.view(np.int32))
        total, wrong = total + integers.size, wrong + bad.size
        if bad.size and replay is None:
            at, replay = bad[0], f"quantize:{dtype}:dequantize:{index}"
            details = _details(
                dtype, index, scale, zero_point, integers[at], expected[at], found[at]
            )
    context.report.check(f"dequantize {dtype}, all integers", total, wrong, details, replay)


def run(context, form, dtypes=("quint8", "qint8"), indices=None):
    for dtype in dtypes:
        _quantize(context, form, dtype, indices or range(CASES))
        _dequantize(context, dtype, indices or range(CASES))
