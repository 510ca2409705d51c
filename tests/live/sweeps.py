"""Sweeps of accumulators: every integer of a band through every channel of a family."""

import numpy as np

import bands
import compare
import report as reporting
import shim
import torch_engine


def draw(context, engine, kind, index):
    rng = np.random.default_rng([context.seed, list(bands.KINDS).index(kind), index, 7])
    signed = engine.dtype == "qint8"
    return bands.draw_family(
        rng, kind, signed=signed, x_max=engine.x_max("pointwise"), stretch=context.stretch
    )


def tie_count(family):
    """(channel, accumulator) pairs of the band whose real image is exactly half-way."""
    if not family.name.endswith("ties"):
        return 0
    low, high = bands.band_ends(family)
    count = 0
    for channel, w_scale in enumerate(family.w_scale):
        period = round(family.y_scale / (family.x_scale * w_scale))  # a power of two
        bias = 0 if family.bias is None else family.bias[channel]
        extra = round(bias / (family.x_scale * w_scale))
        if period > 1:
            first = low + (period // 2 - low - extra) % period
            count += max(0, (high - first) // period + 1)
    return count


def _family(context, engine, kind, index):
    """Compares all layers of one family. Returns (compared, differ, details, ends, ties)."""
    family = draw(context, engine, kind, index)
    contract = engine.contract(family.per_channel)
    compared = differ = 0
    details = []
    for number, layer in enumerate(bands.band_layers(family)):
        found = torch_engine.run_operator(engine.name, torch_engine.band_conv(layer))
        result = compare.band_against(context.library, contract, layer, found)
        compared += result.compared
        differ += result.differ
        if result.differ and not details:
            channel = int(layer.channel[result.index % len(layer.channel)])
            bias = None if family.bias is None else family.bias[channel]
            details = [
                f"layer {number}, {reporting.difference(result, found.shape)}",
                f"x_scale {family.x_scale!r}, w_scale {family.w_scale[channel]!r}, "
                f"y_scale {family.y_scale!r}, y_zp {family.y_zp}, relu {family.relu}, "
                f"bias {bias!r}",
            ]
    return compared, differ, details, bands.band_ends(family), tie_count(family)


def _kind(context, engine, kind, indices):
    total = wrong = tied = 0
    lines, replay = [], None
    spans = set()
    for index in indices:
        compared, differ, details, ends, ties = _family(context, engine, kind, index)
        total, wrong, tied = total + compared, wrong + differ, tied + ties
        spans.add(ends)
        if differ and replay is None:
            lines, replay = details, f"sweeps:{engine.label}:{kind}:{index}"
    text = ", ".join(f"{low}..{high}" for low, high in sorted(spans))
    extra = f", {tied:,} exact ties" if tied else ""
    name = f"sweep {engine.label} {kind}, every accumulator of {text} in 16 channels{extra}"
    context.report.check(name, total, wrong, lines, replay)
    return total


def _open_far(context, engine):
    """Without VNNI some of oneDNN's kernels add the zero point's part of the sum in float32."""
    kinds = ", ".join(bands.FAR)
    context.report.open(f"sweep {engine.label} {kinds}: sums of 2^24 and more, without VNNI")


def _kinds(context, engine):
    if "pointwise" not in engine.saturating:
        return tuple(bands.KINDS)
    _open_far(context, engine)
    return tuple(kind for kind in bands.KINDS if kind not in bands.FAR)


def run(context, engine, kinds=None, indices=None):
    """All kinds of families; prints the engine's total."""
    total = 0
    for kind in kinds or _kinds(context, engine):
        try:
            total += _kind(context, engine, kind, indices or range(context.families))
        except (RuntimeError, shim.ShimError) as error:
            text = str(error).splitlines()[0]
            context.report.fail(f"sweep {engine.label} {kind}", text)
    context.report.info(f"      sweep {engine.label}: {total:,} outputs in all")
