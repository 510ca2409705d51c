"""A bundle's network rebuilt in this PyTorch, every layer compared with the golden library.

PyTorch is given the tensors of the .npy files as they are (OIHW); the golden library those that its
own reader prepared (OHWI). Each layer is compared twice: on the integers that PyTorch gave the layer
before, and on the integers that the golden library computed itself from the image on.
"""

import ctypes
import dataclasses
import os

import numpy as np

import compare
import report as reporting
import shim
import torch_engine

IMAGES = 20
SIZES = ((64, 64), (64, 64), (48, 80), (65, 33))  # rows and columns, in turn
QUANTIZE, CONV, DEQUANTIZE = range(3)
FIELDS = "name weight_file scale_file bias_file".split()
FLAGS = "kind x_zp y_zp is_signed relu per_channel".split()


class LayerText(ctypes.Structure):
    """struct assay_live_bundle_layer."""

    _fields_ = (
        [(name, ctypes.c_char_p) for name in FIELDS]
        + [("x_scale", ctypes.c_double), ("y_scale", ctypes.c_double)]
        + [("w_scale", ctypes.POINTER(ctypes.c_double)), ("bias", ctypes.POINTER(ctypes.c_float))]
        + [("weight", ctypes.POINTER(ctypes.c_int8))]
        + [(name, ctypes.c_int32) for name in FLAGS]
        + [("shape", ctypes.c_int32 * 15)]
    )


class Bundle:
    """A bundle opened by the golden side's reader for one image size."""

    def __init__(self, path, folder, rows, columns):
        self._library = ctypes.CDLL(path)
        self._library.assay_live_bundle_open.restype = ctypes.c_void_p
        self._library.assay_live_bundle_quantize.restype = ctypes.c_char_p
        text = ctypes.create_string_buffer(1024)
        self.folder = folder
        self._handle = ctypes.c_void_p(
            self._library.assay_live_bundle_open(folder.encode(), rows, columns, text, 1024)
        )
        if not self._handle:
            raise shim.ShimError(text.value.decode())

    def close(self):
        self._library.assay_live_bundle_close(self._handle)

    def layers(self):
        result = []
        for index in range(self._library.assay_live_bundle_count(self._handle)):
            layer = LayerText()
            self._library.assay_live_bundle_layer(self._handle, index, ctypes.byref(layer))
            result.append(layer)
        return result


def _file(bundle, name):
    return None if name is None else np.load(os.path.join(bundle.folder, name.decode()))


def _golden_conv(layer, x):
    """The layer as the golden library's reader understands it."""
    shape = list(layer.shape)
    taps = (shape[3], shape[4], shape[5], shape[2] // shape[14])
    scales = shape[3] if layer.per_channel else 1
    bias = np.ctypeslib.as_array(layer.bias, (shape[3],)).copy() if layer.bias else None
    return torch_engine.Conv(
        x=x,
        x_scale=layer.x_scale,
        x_zp=layer.x_zp,
        weight=np.ctypeslib.as_array(layer.weight, taps).copy(),
        w_scale=np.ctypeslib.as_array(layer.w_scale, (scales,)).copy(),
        bias=bias,
        y_scale=layer.y_scale,
        y_zp=layer.y_zp,
        relu=bool(layer.relu),
        per_channel=bool(layer.per_channel),
        stride=tuple(shape[6:8]),
        dilation=tuple(shape[8:10]),
        pad=(shape[10], shape[12]),
        groups=shape[14],
    )


def _torch_conv(bundle, layer, x):
    """The layer as its files say it, without the golden library's reader."""
    weight = np.ascontiguousarray(_file(bundle, layer.weight_file).transpose(0, 2, 3, 1))
    return dataclasses.replace(
        _golden_conv(layer, x),
        weight=weight,
        w_scale=_file(bundle, layer.scale_file).reshape(-1),
        bias=_file(bundle, layer.bias_file),
    )


def _image(seed, index, rows, columns, scale):
    """Float image number `index` [1][rows][columns][1]: noise, ramps, blobs and extremes in turn."""
    rng = np.random.default_rng([seed, index, 13])
    y, x = np.mgrid[0:rows, 0:columns]
    pictures = (
        rng.uniform(0, 255, (rows, columns)),
        (y * 3 + x * 2 + rng.integers(0, 9)) % 256,
        128 + 100 * np.sin(x / rng.uniform(2, 9)) * np.cos(y / rng.uniform(2, 9)),
        rng.choice([0.0, 255.0], (rows, columns)),
        rng.normal(128, 90, (rows, columns)),  # leaves the quantized range at both ends
    )
    return (pictures[index % len(pictures)] * scale).astype(np.float32)[None, :, :, None]


class _Tally:
    """Counts and the first difference of one stage over all images."""

    def __init__(self):
        self.compared = self.differ = 0
        self.details, self.replay = [], None

    def add(self, result, text, replay):
        self.compared += result.compared
        self.differ += result.differ
        if result.differ and self.replay is None:
            self.details, self.replay = [text], replay


def _bits(values):
    return values.view(np.int32) if values.dtype == np.float32 else values


def _equal(expected, found):
    """shim.Result of two tensors of equal shape; floats are compared bit by bit."""
    result, wrong = shim.Result(index=-1), np.flatnonzero(_bits(expected) != _bits(found))
    result.compared, result.differ = found.size, wrong.size
    if wrong.size:
        result.index = int(wrong[0])
    return result


def _first(expected, found, result):
    if not result.differ:
        return ""
    index = np.unravel_index(result.index, found.shape)
    where = ", ".join(f"{axis}={int(value)}" for axis, value in zip("nyxc", index))
    return f"first at ({where}): expected {expected[index]}, found {found[index]}"


class _Run:
    """One image through PyTorch and through the golden library."""

    def __init__(self, context, engine, bundle, index, tallies):
        self.context, self.engine, self.bundle = context, engine, bundle
        self.index, self.tallies = index, tallies
        self.replay = f"network:{engine.label}:image:{index}"

    def _add(self, stage, expected, found):
        result = _equal(expected, found)
        text = f"image {self.index}, {_first(expected, found, result)}"
        self.tallies.setdefault(stage, _Tally()).add(result, text, self.replay)

    def quantize(self, layer, image):
        """Integers of PyTorch; the golden library's are the start of its own chain."""
        arguments = (layer.y_scale, layer.y_zp, bool(layer.is_signed))
        found = torch_engine.quantize(image, *arguments).numpy()
        form, out = self.context.quantize_form, np.empty_like(found)
        own = self.context.library.quantize(form, *arguments, image, out)
        self._add("quantize", own, found)
        return found, own

    def conv(self, layer, x, own):
        name = layer.name.decode()
        found = torch_engine.run_operator(self.engine.name, _torch_conv(self.bundle, layer, x))
        contract = self.engine.contract(bool(layer.per_channel))
        result = compare.conv_against(self.context.library, contract, _golden_conv(layer, x), found)
        text = f"image {self.index}, {reporting.difference(result, found.shape)}"
        self.tallies.setdefault(name, _Tally()).add(result, text, self.replay)
        own = compare.expected(self.context.library, contract, _golden_conv(layer, own))
        self._add(f"{name} chained", own, found)
        return found, own

    def dequantize(self, quant, x, own):
        found = torch_engine.dequantize(x, *quant).numpy()
        out = np.empty_like(found)
        own = self.context.library.dequantize(*quant, bool(x.dtype == np.int8), own, out)
        self._add("dequantize", own, found)


def _one_image(context, engine, path, index, tallies):
    rows, columns = SIZES[index % len(SIZES)]
    bundle = Bundle(path, context.bundle, rows, columns)
    run = _Run(context, engine, bundle, index, tallies)
    x = own = quant = None
    for layer in bundle.layers():
        if layer.kind == QUANTIZE:
            image = _image(context.seed, index, rows, columns, layer.y_scale)
            x, own = run.quantize(layer, image)
        elif layer.kind == CONV:
            x, own = run.conv(layer, x, own)
        else:
            run.dequantize(quant, x, own)
        quant = (layer.y_scale, layer.y_zp)
    bundle.close()


def run(context, engine, indices=None):
    """Every layer on every image; one check a layer and a way of chaining."""
    tallies, indices = {}, indices or range(IMAGES)
    for index in indices:
        _one_image(context, engine, context.library_path, index, tallies)
    for stage, tally in tallies.items():
        name = f"network {engine.label} {stage}, {len(indices)} images"
        context.report.check(name, tally.compared, tally.differ, tally.details, tally.replay)
