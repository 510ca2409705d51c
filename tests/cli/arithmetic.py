"""Requantizers written from their definitions, for expected values; standard library only."""

import re
import struct

import command


def f32(value):
    """Rounds to float32."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


class Qnnpack:
    """PyTorch's qnnpack on one channel of the shipped network's conv1."""

    def __init__(self, oc):
        text = (command.BUNDLE / "network.yaml").read_text()
        scales = re.findall(r"\n +scale: (\S+)", text)
        x_scale, y_scale = [float.fromhex(s) if "x" in s else float(s) for s in scales[:2]]
        self.x_zp, self.y_zp = [int(z) for z in re.findall(r"zero_point: (-?\d+)", text)[:2]]
        data = (command.BUNDLE / "conv1.weight_scale.npy").read_bytes()
        w_scale = struct.unpack("<8d", data[-64:])[oc]
        bias = command.read_npy(command.BUNDLE / "conv1.bias.npy")[1][oc]
        self.scale = f32(f32(f32(w_scale) * f32(x_scale)) * f32(1.0 / f32(y_scale)))
        self.qbias = round(f32(bias * f32(1.0 / f32(w_scale * x_scale))))
        relu = "type: ConvReLU2d" in text.split("name: conv1")[1].split("- name")[0]
        self.least = self.y_zp if relu else 0

    def __call__(self, acc):
        value = round(f32(f32(acc + self.qbias) * self.scale)) + self.y_zp
        return min(max(value, self.least), 255)


def tflite_double(acc, multiplier, right_shift, y_zp):
    """TFLite's MultiplyByQuantizedMultiplier with its two roundings, for a shift to the right."""
    product = acc * multiplier
    nudge = (1 << 30) if product >= 0 else 1 - (1 << 30)
    total = product + nudge
    high = abs(total) >> 31  # C's division truncates
    high = high if total >= 0 else -high
    mask = (1 << right_shift) - 1
    threshold = (mask >> 1) + (1 if high < 0 else 0)
    shifted = (high >> right_shift) + (1 if (high & mask) > threshold else 0)
    return min(max(shifted + y_zp, 0), 255)
