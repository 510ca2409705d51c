"""Records onnxruntime's QLinearConv on the CPU. Usage: PYTHON record_onnxruntime.py

Needs numpy, onnx and onnxruntime. Biases are int32, as in a model file: half_even of the float bias
times the float32 reciprocal of x_scale * w_scale; the record keeps the float.
"""

import dataclasses
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import recording

NAMES = ["x", "x_scale", "x_zp", "w", "w_scale", "w_zp", "y_scale", "y_zp", "bias"]


def _constants(layer):
    """All inputs of the operator but x, by name."""
    family = layer.family
    integer = np.int8 if family.signed else np.uint8
    scales = layer.w_scale if family.per_channel else layer.w_scale[:1].reshape(())
    constants = {
        "x_scale": np.float32(family.x_scale),
        "x_zp": integer(family.x_zp),
        "w": layer.weight[:, :, None, None],
        "w_scale": np.asarray(scales, np.float32),
        "w_zp": np.zeros(np.shape(scales), np.int8),
        "y_scale": np.float32(family.y_scale),
        "y_zp": integer(family.y_zp),
    }
    if family.bias is not None:
        constants["bias"] = recording.integer_bias(layer)
    return constants


def _model(layer):
    constants = _constants(layer)
    kind = TensorProto.INT8 if layer.family.signed else TensorProto.UINT8
    names = [name for name in NAMES if name == "x" or name in constants]
    node = helper.make_node("QLinearConv", names, ["y"], kernel_shape=[1, 1])
    graph = helper.make_graph(
        [node],
        "band",
        [helper.make_tensor_value_info("x", kind, [1, layer.x.shape[2], *layer.x.shape[:2]])],
        [helper.make_tensor_value_info("y", kind, [1, len(layer.channel), *layer.x.shape[:2]])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    opset = [helper.make_opsetid("", 13)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()


def run_layer(layer):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        _model(layer), options, providers=["CPUExecutionProvider"]
    )
    x = np.ascontiguousarray(layer.x.transpose(2, 0, 1))[None]
    return np.ascontiguousarray(session.run(["y"], {"x": x})[0].transpose(0, 2, 3, 1))


def supported(family):
    """ONNX has no fused ReLU: a clamp at the zero point is a following operator there."""
    return dataclasses.replace(family, relu=False)


def main():
    version = onnxruntime.__version__
    for signed in (False, True):
        dtype = "int8" if signed else "uint8"
        source = recording.Source(
            f"onnxruntime {version}",
            f"QLinearConv, {dtype} activations, int8 weights, CPUExecutionProvider, "
            f"onnx {onnx.__version__}",
            "ort",
            "record_onnxruntime.py",
        )
        families = recording.families(signed, float32=True)
        records = [recording.record_family(supported(f), run_layer) for f in families]
        recording.write(f"onnxruntime_{version.replace('.', '_')}_{dtype}", source, records)


if __name__ == "__main__":
    sys.exit(main())
