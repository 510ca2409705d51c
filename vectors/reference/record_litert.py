"""Records LiteRT's CONV_2D: built-in reference and built-in optimized kernels, and the XNNPACK
delegate. Usage: PYTHON record_litert.py

Needs numpy, ai-edge-litert and tflite (the schema), flatbuffers. Models of one operator are built
here. Biases are int32 (recording.integer_bias).
"""

import importlib.metadata
import sys

import flatbuffers
import numpy as np
import tflite
from ai_edge_litert.interpreter import Interpreter, OpResolverType

import recording

KERNELS = {
    # name: (resolver, contract)
    "reference": (OpResolverType.BUILTIN_REF, "tflite_double"),
    "optimized": (OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES, "tflite_ruy"),
    "xnnpack": (OpResolverType.BUILTIN, "xnnpack"),
}


class _Builder:
    """The parts of a .tflite file that one CONV_2D needs."""

    def __init__(self):
        self.builder = flatbuffers.Builder(1 << 20)
        self.buffers, self.tensors = [self._buffer(None)], []

    def _vector(self, array):
        return self.builder.CreateNumpyVector(np.ascontiguousarray(array).reshape(-1))

    def _offsets(self, offsets):
        self.builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            self.builder.PrependUOffsetTRelative(offset)
        return self.builder.EndVector()

    def _buffer(self, array):
        data = None if array is None else self._vector(array.view(np.uint8))
        tflite.BufferStart(self.builder)
        if data is not None:
            tflite.BufferAddData(self.builder, data)
        return tflite.BufferEnd(self.builder)

    def _quantization(self, scales, zero_point, axis):
        scale = self._vector(np.asarray(scales, np.float32))
        zero = self._vector(np.full(len(scales), zero_point, np.int64))
        tflite.QuantizationParametersStart(self.builder)
        tflite.QuantizationParametersAddScale(self.builder, scale)
        tflite.QuantizationParametersAddZeroPoint(self.builder, zero)
        tflite.QuantizationParametersAddQuantizedDimension(self.builder, axis)
        return tflite.QuantizationParametersEnd(self.builder)

    def tensor(self, name, shape, kind, scales, zero_point=0, data=None):
        """Adds a tensor. Returns its index."""
        buffer = 0
        if data is not None:
            buffer = len(self.buffers)
            self.buffers.append(self._buffer(np.ascontiguousarray(data).reshape(-1)))
        text = self.builder.CreateString(name)
        size = self._vector(np.array(shape, np.int32))
        quantization = self._quantization(scales, zero_point, 0)
        tflite.TensorStart(self.builder)
        tflite.TensorAddShape(self.builder, size)
        tflite.TensorAddType(self.builder, kind)
        tflite.TensorAddBuffer(self.builder, buffer)
        tflite.TensorAddName(self.builder, text)
        tflite.TensorAddQuantization(self.builder, quantization)
        self.tensors.append(tflite.TensorEnd(self.builder))
        return len(self.tensors) - 1

    def _operator(self, inputs, outputs, relu):
        tflite.Conv2DOptionsStart(self.builder)
        tflite.Conv2DOptionsAddPadding(self.builder, tflite.Padding.VALID)
        tflite.Conv2DOptionsAddStrideW(self.builder, 1)
        tflite.Conv2DOptionsAddStrideH(self.builder, 1)
        activation = tflite.ActivationFunctionType
        tflite.Conv2DOptionsAddFusedActivationFunction(
            self.builder, activation.RELU if relu else activation.NONE
        )
        options = tflite.Conv2DOptionsEnd(self.builder)
        given = self._vector(np.array(inputs, np.int32))
        made = self._vector(np.array(outputs, np.int32))
        tflite.OperatorStart(self.builder)
        tflite.OperatorAddOpcodeIndex(self.builder, 0)
        tflite.OperatorAddInputs(self.builder, given)
        tflite.OperatorAddOutputs(self.builder, made)
        tflite.OperatorAddBuiltinOptionsType(self.builder, tflite.BuiltinOptions.Conv2DOptions)
        tflite.OperatorAddBuiltinOptions(self.builder, options)
        return tflite.OperatorEnd(self.builder)

    def _graph(self, inputs, outputs, relu):
        operators = self._offsets([self._operator(inputs, outputs, relu)])
        tensors = self._offsets(self.tensors)
        given = self._vector(np.array(inputs[:1], np.int32))
        made = self._vector(np.array(outputs, np.int32))
        tflite.SubGraphStart(self.builder)
        tflite.SubGraphAddTensors(self.builder, tensors)
        tflite.SubGraphAddInputs(self.builder, given)
        tflite.SubGraphAddOutputs(self.builder, made)
        tflite.SubGraphAddOperators(self.builder, operators)
        return tflite.SubGraphEnd(self.builder)

    def model(self, inputs, outputs, relu):
        """Bytes of a model whose only operator is CONV_2D, version 3 (int8, per channel)."""
        graphs = self._offsets([self._graph(inputs, outputs, relu)])
        buffers = self._offsets(self.buffers)
        code = tflite.BuiltinOperator.CONV_2D
        tflite.OperatorCodeStart(self.builder)
        tflite.OperatorCodeAddDeprecatedBuiltinCode(self.builder, code)
        tflite.OperatorCodeAddBuiltinCode(self.builder, code)
        tflite.OperatorCodeAddVersion(self.builder, 3)
        codes = self._offsets([tflite.OperatorCodeEnd(self.builder)])
        tflite.ModelStart(self.builder)
        tflite.ModelAddVersion(self.builder, 3)
        tflite.ModelAddOperatorCodes(self.builder, codes)
        tflite.ModelAddSubgraphs(self.builder, graphs)
        tflite.ModelAddBuffers(self.builder, buffers)
        self.builder.Finish(tflite.ModelEnd(self.builder), b"TFL3")
        return bytes(self.builder.Output())


def _model(layer):
    family, build, kind = layer.family, _Builder(), tflite.TensorType
    rows, columns, in_c = layer.x.shape
    out_c = len(layer.channel)
    scales = layer.w_scale if family.per_channel else layer.w_scale[:1]
    units = (np.float32(family.x_scale) * scales.astype(np.float32)).astype(np.float32)
    weight = layer.weight[:, None, None, :]
    inputs = [
        build.tensor("x", [1, rows, columns, in_c], kind.INT8, [family.x_scale], family.x_zp),
        build.tensor("w", weight.shape, kind.INT8, scales, 0, weight),
        build.tensor("b", [out_c], kind.INT32, units, 0, recording.integer_bias(layer)),
    ]
    shape = [1, rows, columns, out_c]
    outputs = [build.tensor("y", shape, kind.INT8, [family.y_scale], family.y_zp)]
    return build.model(inputs, outputs, family.relu)


def run_layer(resolver, layer):
    interpreter = Interpreter(
        model_content=_model(layer), experimental_op_resolver_type=resolver, num_threads=1
    )
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], layer.x[None])
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


def record(kernel):
    resolver, contract = KERNELS[kernel]
    version = importlib.metadata.version("ai-edge-litert")
    source = recording.Source(
        f"LiteRT {version} (ai-edge-litert)",
        f"CONV_2D int8, {resolver.name}",
        contract,
        f"record_litert.py {kernel}",
    )
    families = recording.families(signed=True, float32=True)
    records = [
        recording.record_family(family, lambda layer: run_layer(resolver, layer))
        for family in families
    ]
    recording.write(f"litert_{version.replace('.', '_')}_{kernel}", source, records)


def main():
    for kernel in sys.argv[1:] or KERNELS:
        record(kernel)


if __name__ == "__main__":
    sys.exit(main())
