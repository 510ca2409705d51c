"""ctypes face of the golden library (tests/live/live_shim.h); needs the standard library only."""

import ctypes

OK, UNKNOWN, REFUSED, SHAPE, MEMORY = range(5)


class Layer(ctypes.Structure):
    _fields_ = [
        ("x_scale", ctypes.c_double),
        ("y_scale", ctypes.c_double),
        ("w_scale", ctypes.POINTER(ctypes.c_double)),
        ("bias", ctypes.POINTER(ctypes.c_float)),
        ("channels", ctypes.c_int32),
        ("x_zp", ctypes.c_int32),
        ("y_zp", ctypes.c_int32),
        ("is_signed", ctypes.c_int32),
        ("relu", ctypes.c_int32),
        ("per_channel", ctypes.c_int32),
    ]


class Result(ctypes.Structure):
    _fields_ = [
        ("compared", ctypes.c_int64),
        ("differ", ctypes.c_int64),
        ("index", ctypes.c_int64),
        ("acc", ctypes.c_int32),
        ("expected", ctypes.c_int32),
        ("found", ctypes.c_int32),
    ]


class ShimError(Exception):
    """The library refused a call."""


class RefusedScale(ShimError):
    """The contract refuses a scale that the library under test may refuse as well."""


def _check(status, contract=""):
    if status == REFUSED:
        raise RefusedScale(f"{contract}: refuses these scales")
    if status != OK:
        reason = {UNKNOWN: "unknown contract", SHAPE: "impossible shape", MEMORY: "out of memory"}
        raise ShimError(f"{contract}: {reason[status]}")


def _address(array):
    """Address of a contiguous numpy array or ctypes array."""
    if array is None:
        return None
    if hasattr(array, "ctypes"):
        assert array.flags["C_CONTIGUOUS"]
        return ctypes.c_void_p(array.ctypes.data)
    return ctypes.cast(array, ctypes.c_void_p)


def make_layer(x_scale, x_zp, w_scale, bias, y_scale, y_zp, signed, relu, per_channel):
    """w_scale and bias are sequences with one value a channel; bias may be None."""
    count = len(w_scale)
    scales = (ctypes.c_double * count)(*w_scale)
    biases = None if bias is None else (ctypes.c_float * count)(*bias)
    layer = Layer(x_scale, y_scale, scales, biases, count, x_zp, y_zp, signed, relu, per_channel)
    layer.keep = scales, biases  # the struct borrows them
    return layer


class Shim:
    """The loaded library. Arrays are numpy arrays, C-contiguous, of the header's types."""

    def __init__(self, path):
        self._library = ctypes.CDLL(path)
        self._library.assay_live_contract_name.restype = ctypes.c_char_p
        self._library.assay_live_contract_engines.restype = ctypes.c_char_p

    def contracts(self):
        """{name: engines that compute it} of every contract."""
        library = self._library
        return {
            library.assay_live_contract_name(i).decode(): library.assay_live_contract_engines(
                i
            ).decode()
            for i in range(library.assay_live_contract_count())
        }

    def sweep(self, contract, layer, base, offset, found):
        result = Result()
        status = self._library.assay_live_sweep(
            contract.encode(),
            ctypes.byref(layer),
            _address(base),
            ctypes.c_int64(len(base)),
            _address(offset),
            _address(found),
            ctypes.byref(result),
        )
        _check(status, contract)
        return result

    def requantize(self, contract, layer, acc, out):
        status = self._library.assay_live_requantize(
            contract.encode(),
            ctypes.byref(layer),
            _address(acc),
            ctypes.c_int64(acc.size // layer.channels),
            _address(out),
        )
        _check(status, contract)
        return out

    def accumulate(self, layer, shape, batch, x, weight, acc):
        """shape: the 15 numbers of struct assay_conv_shape, in order."""
        status = self._library.assay_live_accumulate(
            ctypes.byref(layer),
            (ctypes.c_int32 * len(shape))(*shape),
            ctypes.c_int32(batch),
            _address(x),
            _address(weight),
            _address(acc),
        )
        _check(status)
        return acc

    def steps(self, contract, layer, low, high, first, thresholds):
        result = Result()
        status = self._library.assay_live_steps(
            contract.encode(),
            ctypes.byref(layer),
            ctypes.c_int32(low),
            ctypes.c_int32(high),
            ctypes.c_int32(first),
            (ctypes.c_int32 * len(thresholds))(*thresholds),
            ctypes.c_int32(len(thresholds)),
            ctypes.byref(result),
        )
        _check(status, contract)
        return result

    def quantize(self, form, scale, zero_point, signed, values, out):
        """float32 values to bytes `out`."""
        status = self._library.assay_live_quantize(
            form.encode(),
            ctypes.c_double(scale),
            ctypes.c_int32(zero_point),
            ctypes.c_int(signed),
            _address(values),
            _address(out),
            ctypes.c_int64(out.size),
        )
        _check(status, form)
        return out

    def dequantize(self, scale, zero_point, signed, integers, out):
        """Bytes to float32 values `out`."""
        status = self._library.assay_live_dequantize(
            ctypes.c_double(scale),
            ctypes.c_int32(zero_point),
            ctypes.c_int(signed),
            _address(integers),
            _address(out),
            ctypes.c_int64(out.size),
        )
        _check(status)
        return out
