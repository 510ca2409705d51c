"""Writes a bundle: network.yaml and .npy tensors, the same bytes for the same numbers. Format: config/README.md."""
import os
import shutil
import tempfile

import numpy

TENSORS = {"weight": numpy.int8, "weight_scale": numpy.float64, "bias": numpy.float32}

HEADER = """\
# {name}: a quantized network in Assay's bundle format (config/README.md). Written by a program.
format: 1
name: {name}
provenance:
  pytorch: {pytorch}
  engine: {engine}
contract: {contract}
quantize: {quantize}
layers:
"""


def _pair(values):
    return "[" + ", ".join(str(int(v)) for v in values) + "]"


def _quant_lines(layer):
    return [("scale", repr(float(layer["scale"]))),
            ("zero_point", str(int(layer["zero_point"]))),
            ("dtype", layer["dtype"])]


def _conv_lines(layer):
    lines = [(key, str(int(layer[key]))) for key in ("in_channels", "out_channels")]
    lines += [(key, _pair(layer[key])) for key in ("kernel_size", "stride", "padding", "dilation")]
    lines += [("groups", str(int(layer["groups"]))), ("qscheme", layer["qscheme"])]
    lines += [(key, "null" if layer[key] is None else "%s.%s.npy" % (layer["name"], key))
              for key in TENSORS]
    if layer.get("weight_dtype", "int8") != "int8":
        lines.append(("weight_dtype", layer["weight_dtype"]))
    return lines + _quant_lines(layer)


def _layer_lines(layer):
    lines = [("name", layer["name"]), ("type", layer["type"])]
    if layer["type"] in ("Conv2d", "ConvReLU2d"):
        lines += _conv_lines(layer)
    elif layer["type"] == "Quantize":
        lines += _quant_lines(layer)
    return lines


def network_yaml(network):
    """Text of network.yaml; `network` holds HEADER's names and `layers`, a list of dictionaries."""
    text = HEADER.format(**network)
    for layer in network["layers"]:
        lines = ["%s: %s" % line for line in _layer_lines(layer)]
        text += "  - " + "\n    ".join(lines) + "\n"
    return text


def write_tensor(path, array, dtype):
    """One .npy in C order and version 1.0."""
    array = numpy.asarray(array)
    exact = array.astype(dtype)
    if not numpy.array_equal(exact.astype(array.dtype), array, equal_nan=True):
        raise ValueError("%s: the values do not fit %s" % (path, numpy.dtype(dtype).name))
    with open(path, "wb") as file:
        numpy.lib.format.write_array(file, numpy.ascontiguousarray(exact), version=(1, 0))


def _write_files(folder, network):
    for layer in network["layers"]:
        for key, dtype in TENSORS.items():
            if layer.get(key) is not None:
                path = os.path.join(folder, "%s.%s.npy" % (layer["name"], key))
                write_tensor(path, layer[key], dtype)
    with open(os.path.join(folder, "network.yaml"), "w", encoding="ascii", newline="\n") as file:
        file.write(network_yaml(network))


def write_bundle(folder, network):
    """Writes FOLDER whole or not at all; files of a present folder that it does not write stay."""
    folder = os.path.normpath(folder)
    temporary = tempfile.mkdtemp(prefix=os.path.basename(folder) + ".",
                                 dir=os.path.dirname(folder) or ".")
    try:
        _write_files(temporary, network)
        os.makedirs(folder, exist_ok=True)
        for name in sorted(os.listdir(temporary)):
            os.replace(os.path.join(temporary, name), os.path.join(folder, name))
    finally:
        shutil.rmtree(temporary)
