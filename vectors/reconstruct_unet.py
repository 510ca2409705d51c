#!/usr/bin/env python3
"""Rebuilds config/networks/unet_simplified from the numbers that its author printed.

Usage: reconstruct_unet.py PRINTED.txt FOLDER

Weights were printed dequantized, with four decimals. For conv2 and conv3 the scale of a channel is
the midpoint of the scales s for which every printed weight w has an integer q in -128..127 with
|w - q*s| <= 5e-5; the integers must be the same over that whole interval. Exact arithmetic
throughout. conv1's scales are printed; its integers are printed for four channels, chosen (nearest)
for the other four.
"""
import sys
from fractions import Fraction

import numpy

import bundle_format

HALF_DIGIT = Fraction(5, 100000)
NETWORK = {"name": "unet_simplified", "pytorch": "1.13.1", "engine": "qnnpack",
           "contract": "qnnpack", "quantize": "mul"}


def read_printed(path):
    """Sections `name shape...` followed by values, as {name: (shape, [Fraction])}."""
    sections, values = {}, None
    with open(path, encoding="ascii") as file:
        for line in file:
            words = line.split("#")[0].split()
            if words and words[0][0].isalpha():
                values = []
                sections[words[0]] = (tuple(int(word) for word in words[1:]), values)
            else:
                values.extend(words) if words else None
    for name, (shape, values) in sections.items():
        if numpy.prod(shape) != len(values):
            sys.exit("%s: %s has %d values, expected %s" % (path, name, len(values), shape))
    return {name: (shape, [Fraction(value) for value in values])
            for name, (shape, values) in sections.items()}


def intervals_of(weight, low, high):
    """{q: (least scale, greatest scale)} that print as this weight, for scales in low..high."""
    if abs(weight) <= HALF_DIGIT:
        found = {0: (low, high)}
    else:
        found = {}
    sign = 1 if weight >= 0 else -1
    for q in range(1, 129 if sign < 0 else 128):
        first = max(low, (abs(weight) - HALF_DIGIT) / q)
        last = min(high, (abs(weight) + HALF_DIGIT) / q)
        if first <= last:
            found[sign * q] = (first, last)
    return found


def intersect(spans, others):
    """Intersection of two unions of intervals, as a sorted list without overlaps."""
    pieces = sorted((max(a, c), min(b, d)) for a, b in spans for c, d in others
                    if max(a, c) <= min(b, d))
    merged = []
    for low, high in pieces:
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def fit_channel(weights, printed_scale):
    """(low, high, integers) of one channel; exits unless the interval and the integers are unique."""
    spans = [(printed_scale - HALF_DIGIT, printed_scale + HALF_DIGIT)]
    for weight in weights:
        fitting = intervals_of(weight, spans[0][0], spans[-1][1])
        spans = intersect(spans, fitting.values())
        if not spans:
            sys.exit("no scale fits all weights of a channel printed with scale %s" % printed_scale)
    if len(spans) != 1:
        sys.exit("%d intervals of scales fit, expected 1: %s" % (len(spans), spans))
    low, high = spans[0]
    choices = [list(intervals_of(weight, low, high)) for weight in weights]
    if any(len(choice) != 1 for choice in choices):
        sys.exit("the integers are not unique between %s and %s" % (float(low), float(high)))
    return low, high, [choice[0] for choice in choices]


def fit_layer(printed, name, report):
    """Integers OIHW and scales of a layer whose scales were printed too coarsely; `report` gets a
    line of text for each channel."""
    shape, weights = printed[name + ".weight"]
    scales = printed[name + ".weight_scale"][1]
    taps = len(weights) // shape[0]
    integers, middles = [], []
    for oc, scale in enumerate(scales):
        low, high, row = fit_channel(weights[oc * taps:(oc + 1) * taps], scale)
        integers += row
        middles.append(float((low + high) / 2))
        report("%s channel %d: scale %.11f .. %.11f, committed %r"
               % (name, oc, low, high, middles[-1]))
    return numpy.array(integers, numpy.int8).reshape(shape), numpy.array(middles)


def choose_conv1(printed):
    """Printed integers where there are some, else the nearest to weight / scale."""
    shape, weights = printed["conv1.weight"]
    scales = printed["conv1.weight_scale"][1]
    known = printed["conv1.weight_integer"][1]
    taps = len(weights) // shape[0]
    integers = [int(q) for q in known]
    for i in range(len(known), len(weights)):
        nearest = round(weights[i] / scales[i // taps])
        integers.append(max(-128, min(127, nearest)))
    return (numpy.array(integers, numpy.int8).reshape(shape),
            numpy.array([float(scale) for scale in scales]))


def quantization(printed, name):
    return {"scale": float(printed[name + ".scale"][1][0]),
            "zero_point": int(printed[name + ".zero_point"][1][0]), "dtype": "quint8"}


def conv(printed, name, kind, weight, weight_scale):
    bias = printed.get(name + ".bias")
    bias = None if bias is None else numpy.array([numpy.float32(float(b)) for b in bias[1]])
    return {"name": name, "type": kind, "in_channels": weight.shape[1],
            "out_channels": weight.shape[0], "kernel_size": (3, 3), "stride": (1, 1),
            "padding": (1, 1), "dilation": (1, 1), "groups": 1, "qscheme": "per_channel_affine",
            "weight": weight, "weight_scale": weight_scale, "bias": bias,
            **quantization(printed, name)}


def network_of(printed, report=lambda line: None):
    """The dictionary that bundle_format.write_bundle takes."""
    quant = {"name": "quant", "type": "Quantize", **quantization(printed, "quant")}
    quant["scale"] = float(numpy.float32(quant["scale"]))  # PyTorch keeps it as float32
    return {**NETWORK, "layers": [
        quant,
        conv(printed, "conv1", "ConvReLU2d", *choose_conv1(printed)),
        conv(printed, "conv2", "ConvReLU2d", *fit_layer(printed, "conv2", report)),
        conv(printed, "conv3", "Conv2d", *fit_layer(printed, "conv3", report)),
        {"name": "dequant", "type": "DeQuantize"}]}


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    bundle_format.write_bundle(arguments[1], network_of(read_printed(arguments[0]), print))


if __name__ == "__main__":
    main(sys.argv[1:])
