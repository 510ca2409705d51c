#!/usr/bin/env python3
"""Turns a converted, eager-mode quantized PyTorch model into a bundle (config/README.md).

The model must be a chain of Quantize, Conv2d, ConvReLU2d, DeQuantize; Identity, which fusing leaves
behind, is passed over. Anything else is refused by class and module name, with exit code 2.
Runs beside PyTorch 1.13 and newer.
"""
import argparse
import importlib.util
import os
import re
import sys

import numpy
import torch
import torch.fx

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bundle_format  # noqa: E402

KNOWN = "Quantize, Conv2d, ConvReLU2d, DeQuantize"
QUANTIZED = re.compile(r"torch\.(ao\.)?nn\.(intrinsic\.)?quantized\.(modules\.)?")
DTYPES = {torch.quint8: "quint8", torch.qint8: "qint8"}


class Refused(Exception):
    """The model or a request cannot be exported; the text says what and what was expected."""


# Order of execution #

class _LeafTracer(torch.fx.Tracer):
    """Goes into containers and user modules, and into nothing of PyTorch itself."""

    def is_leaf_module(self, module, name):
        return type(module).__module__.startswith("torch.") and not isinstance(
            module, (torch.nn.Sequential, torch.nn.ModuleList))


def _nodes_of(model):
    try:
        return list(_LeafTracer().trace(model).nodes)
    except Exception as error:  # whatever the user's forward raises under tracing
        raise Refused("the model's forward cannot be traced (%s), expected a chain of %s"
                      % (str(error).splitlines()[0] if str(error) else type(error).__name__, KNOWN))


def _describe(model, node):
    if node.op == "call_module":
        kind = type(model.get_submodule(node.target))
        return "module '%s' is a %s.%s" % (node.target, kind.__module__, kind.__name__)
    if node.op == "call_function":
        return "function '%s' is called" % getattr(node.target, "__name__", node.target)
    return "'%s' (%s) is used" % (node.target, node.op)


def chain_of(model):
    """[(name, module)] in order of execution, without Identity."""
    nodes = _nodes_of(model)
    if nodes[0].op != "placeholder" or nodes[-1].op != "output":
        raise Refused("the model has no input or no output, expected one of each")
    chain = []
    previous = nodes[0]
    for node in nodes[1:-1]:
        if node.op != "call_module":
            raise Refused("%s, expected a chain of %s" % (_describe(model, node), KNOWN))
        if node.args != (previous,) or node.kwargs:
            raise Refused("%s and does not follow '%s' alone, expected a chain of %s"
                          % (_describe(model, node), previous.name, KNOWN))
        module = model.get_submodule(node.target)
        if type(module) is not torch.nn.Identity:
            chain.append((node.target, module))
        previous = node
    if nodes[-1].args != (previous,):
        raise Refused("the model does not answer the output of its last module '%s', expected that"
                      % previous.name)
    return chain


# Modules #

def _class_of(name, module):
    kind = type(module)
    if QUANTIZED.match(kind.__module__) and kind.__name__ in KNOWN.split(", "):
        return kind.__name__
    raise Refused("module '%s' is a %s.%s, expected one of %s of a converted model"
                  % (name, kind.__module__, kind.__name__, KNOWN))


def _dtype_name(name, dtype):
    if dtype not in DTYPES:
        raise Refused("module '%s' has dtype %s, expected quint8 or qint8" % (name, dtype))
    return DTYPES[dtype]


def _weight_scheme(name, weight):
    """(qscheme, scales float64, zero points)."""
    if weight.qscheme() in (torch.per_channel_affine, torch.per_channel_symmetric):
        if weight.q_per_channel_axis() != 0:
            raise Refused("module '%s' has weight scales along axis %d, expected 0"
                          % (name, weight.q_per_channel_axis()))
        return ("per_channel_affine", weight.q_per_channel_scales().double().numpy(),
                weight.q_per_channel_zero_points().numpy())
    if weight.qscheme() in (torch.per_tensor_affine, torch.per_tensor_symmetric):
        return ("per_tensor_affine", numpy.array([weight.q_scale()]),
                numpy.array([weight.q_zero_point()]))
    raise Refused("module '%s' has weights of %s, expected per_channel_affine or per_tensor_affine"
                  % (name, weight.qscheme()))


def _bias(module):
    """float32 or None. Packing for qnnpack turns no bias into zeros, so zeros are exported as none:
    the two compute the same."""
    bias = module.bias()
    bias = None if bias is None else bias.detach().float().numpy()
    return None if bias is None or not bias.any() else bias


def _weight_dtype(integers):
    """PyTorch has no 4-bit dtype for convolutions: a 4-bit observer leaves qint8 in -8..7."""
    return "int4" if integers.min() >= -8 and integers.max() <= 7 else "int8"


def _weights(name, module):
    weight = module.weight()
    if weight.dtype != torch.qint8:
        raise Refused("module '%s' has weights of %s, expected qint8" % (name, weight.dtype))
    scheme, scales, zero_points = _weight_scheme(name, weight)
    if numpy.any(zero_points != 0):
        raise Refused("module '%s' has weight zero points other than 0, expected symmetric weights"
                      % name)
    integers = weight.int_repr().numpy()
    return {"qscheme": scheme, "weight": integers, "weight_dtype": _weight_dtype(integers),
            "weight_scale": scales, "bias": _bias(module)}


def _conv(name, kind, module, dtype):
    if module.padding_mode != "zeros":
        raise Refused("module '%s' pads with '%s', expected 'zeros'" % (name, module.padding_mode))
    layer = {"name": name, "type": kind, "scale": float(module.scale),
             "zero_point": int(module.zero_point), "dtype": dtype}
    for key in ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation",
                "groups"):
        layer[key] = getattr(module, key)
    return {**layer, **_weights(name, module)}


def layers_of(model):
    """The list of layers that bundle_format.write_bundle takes."""
    layers = []
    dtype = "quint8"
    for name, module in chain_of(model):
        kind = _class_of(name, module)
        if kind == "Quantize":
            dtype = _dtype_name(name, module.dtype)
            layers.append({"name": name, "type": kind, "scale": float(module.scale),
                           "zero_point": int(module.zero_point), "dtype": dtype})
        elif kind == "DeQuantize":
            layers.append({"name": name, "type": kind})
        else:
            layers.append(_conv(name, kind, module, dtype))
    _check_order(layers)
    return layers


def _check_order(layers):
    """Quantize, convolutions, perhaps DeQuantize: what a bundle can hold."""
    kinds = [layer["type"] for layer in layers]
    body = kinds[1:-1] if kinds and kinds[-1] == "DeQuantize" else kinds[1:]
    if not kinds or kinds[0] != "Quantize" or not body or not all("Conv" in k for k in body):
        raise Refused("the modules are %s, expected Quantize, convolutions, perhaps DeQuantize"
                      % (", ".join(kinds) or "none"))


# What this PyTorch computes #

def identify_quantize():
    """'mul' or 'fma': with an odd zero point the two round a tie to different integers."""
    values = torch.tensor([0.5, 1.5, 2.5] * 32)  # long enough for vector instructions and a rest
    found = torch.quantize_per_tensor(values, 1.0, 1, torch.quint8).int_repr().tolist()
    if found == [1, 3, 3] * 32:
        return "mul"
    if found == [2, 2, 4] * 32:
        return "fma"
    raise Refused("quantize_per_tensor of this PyTorch is neither 'mul' nor 'fma', expected "
                  "--quantize to say which the bundle is checked against")


def default_contract(version, engine):
    """Contract of a PyTorch version and engine, where measurements support one."""
    if engine in ("qnnpack", "fbgemm"):
        return engine
    numbers = re.match(r"(\d+)\.(\d+)", version)
    release = (int(numbers.group(1)), int(numbers.group(2))) if numbers else (0, 0)
    if engine == "onednn" and release == (1, 13):
        return "onednn_2"
    if engine == "onednn" and (2, 1) <= release <= (2, 10):
        return "onednn_3"
    if engine == "onednn" and release >= (2, 12):
        return "onednn_3_11"
    raise Refused("no contract is known for PyTorch %s with engine '%s', expected --contract"
                  % (version, engine))


def export_model(model, folder, name, pytorch=None, engine=None, contract=None, quantize=None):
    """Writes the bundle; raises Refused before anything is written. None: as in this PyTorch."""
    pytorch = pytorch or torch.__version__.split("+")[0]
    engine = engine or torch.backends.quantized.engine
    bundle_format.write_bundle(folder, {
        "name": name, "pytorch": pytorch, "engine": engine,
        "contract": contract or default_contract(pytorch, engine),
        "quantize": quantize or identify_quantize(), "layers": layers_of(model.eval())})


# Command #

def _load_function(path, function):
    spec = importlib.util.spec_from_file_location("assay_model", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, function)()


def load_model(source):
    """FILE.py:FUNCTION calls the function; anything else is a model saved whole by torch.save."""
    path, colon, function = source.rpartition(":")
    try:
        if colon and path.endswith(".py"):
            return _load_function(path, function)
        return torch.load(source, map_location="cpu", weights_only=False)
    except Exception as error:
        raise Refused("%s: cannot be loaded (%s: %s), expected FILE.py:FUNCTION or a model saved "
                      "by torch.save" % (source, type(error).__name__, error))


def _parser():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="FILE.py:FUNCTION that answers the model, or FILE.pt")
    parser.add_argument("folder", help="bundle to write; its waivers.yaml stays as it is")
    parser.add_argument("--name", help="network's name (default: the folder's)")
    parser.add_argument("--pytorch", help="version the numbers come from (default: this one)")
    parser.add_argument("--engine", help="engine they come from (default: the one in use)")
    parser.add_argument("--contract", help="default contract (default: by version and engine)")
    parser.add_argument("--quantize", choices=("mul", "fma"), help="default: measured here")
    return parser


def main(arguments):
    options = _parser().parse_args(arguments)
    name = options.name or os.path.basename(os.path.normpath(options.folder))
    try:
        export_model(load_model(options.model), options.folder, name, options.pytorch,
                     options.engine, options.contract, options.quantize)
    except Refused as refusal:
        print("export.py: %s" % refusal, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
