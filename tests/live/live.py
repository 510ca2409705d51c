"""Compares this interpreter's PyTorch with the contracts of the golden library.

Run it with the interpreter whose PyTorch is to be compared; what it claims: tests/live/README.md.
Exit code: 0 all passed, 1 a difference (or nothing compared), 2 usage, 3 no PyTorch.
"""

import argparse
import dataclasses
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "vectors" / "reference"))
sys.dont_write_bytecode = True

try:
    import numpy as np
    import torch_engine
except ImportError as error:
    sys.exit(print(f"live: {sys.executable} has no PyTorch with numpy: {error}") or 3)

import fingerprint
import layers
import network
import quantize
import report as reporting
import saturation
import shim
import sweeps

PARTS = ("quantize", "network", "layers", "sweeps")


@dataclasses.dataclass
class Context:
    """What every part of a run needs."""

    library: shim.Shim
    library_path: str
    report: reporting.Report
    seed: int
    layers: int  # random layers of every kind
    families: int  # families of every kind of sweep
    stretch: int  # factor on the length of the bands
    bundle: str
    quantize_form: str = None  # "mul" or "fma", from the fingerprint


def _arguments():
    parser = argparse.ArgumentParser(prog="live", description=__doc__.splitlines()[0])
    parser.add_argument("--library", required=True, help="libassay_live.so of the build")
    parser.add_argument("--bundle", default=str(HERE.parents[1] / "config/networks/unet_simplified"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1, help="PyTorch's threads")
    parser.add_argument("--layers", type=int, default=1000, help="random layers of every kind")
    parser.add_argument("--deep", action="store_true", help="ten times the sweeps")
    parser.add_argument("--part", choices=PARTS, action="append")
    parser.add_argument("--engine", action="append", help="only these engines")
    parser.add_argument("--fingerprint", action="store_true", help="only say which contracts fit")
    parser.add_argument("--replay", metavar="PART:ENGINE:KIND:INDEX", help="one failing case")
    return parser.parse_args()


def _replay_command(arguments):
    command = f"{sys.executable} {sys.argv[0]} --library {arguments.library}"
    return f"{command} --seed {arguments.seed}{' --deep' if arguments.deep else ''}"


def _context(arguments):
    deep = arguments.deep
    return Context(
        library=shim.Shim(arguments.library),
        library_path=arguments.library,
        report=reporting.Report(_replay_command(arguments)),
        seed=arguments.seed,
        layers=arguments.layers,
        families=2 if deep else 1,
        stretch=5 if deep else 1,
        bundle=arguments.bundle,
    )


def _print_machine(context):
    report, saturating = context.report, {}
    report.info(f"PyTorch {torch_engine.version()}, numpy {np.__version__}, {sys.executable}")
    report.info(f"engines: {', '.join(torch_engine.engines())}; seed {context.seed}")
    for name in torch_engine.engines():
        saturating[name] = saturation.probe(name)
        kinds = ", ".join(saturating[name])
        report.info(f"int16 saturation, {name}: {kinds or 'none'}")
        if kinds:
            report.open(f"{name} {kinds}: inputs above 127 (int16 saturation)")
    return saturating


def _operators(saturating):
    """(operator, dtype, saturating kinds) of everything that this PyTorch can be asked."""
    for name in torch_engine.engines():
        yield name, "quint8", saturating[name]
    if "qnnpack" in torch_engine.engines():
        yield "qnnpack", "qint8", ()  # PyTorch hands qint8 to XNNPACK
    if torch_engine.has_pointwise():
        yield "qconv2d_pointwise", "quint8", saturating.get("onednn", ())


def _find_engines(context, saturating, only):
    """Fingerprints; engines whose contracts are unknown are failures, or open."""
    found = []
    for operator, dtype, kinds in _operators(saturating):
        if only and fingerprint.label(operator, dtype) not in only:
            continue
        try:
            engine, seen = fingerprint.find(context.library, operator, dtype, kinds)
        except RuntimeError as error:  # PyTorch's own refusal
            reason = str(error).splitlines()[0]
            context.report.info(f"fingerprint: {operator} {dtype}: not offered ({reason})")
            continue
        for line in fingerprint.describe(engine, seen):
            context.report.info(f"fingerprint: {line}")
        if engine.known:
            found.append(engine)
        elif engine.expected in context.library.contracts():
            context.report.fail(f"fingerprint {engine.label}", "no contract fits this engine")
        else:
            context.report.open(f"{engine.label}: unknown, no contract fits")
    return found


def _find_quantize(context):
    wrong = fingerprint.find_quantize(context.library)
    fitting = [form for form, count in wrong.items() if count == 0]
    counts = ", ".join(f"{form} differs in {count:,}" for form, count in wrong.items())
    context.report.info(f"fingerprint: quantize_per_tensor: {fitting or 'unknown'} ({counts})")
    if not fitting:
        context.report.fail("fingerprint quantize_per_tensor", "neither form fits")
    return fitting[0] if fitting else None


def _run_network(context, engine):
    if engine.dtype != "quint8":
        return
    if "dense" in engine.saturating:  # its layers' inputs are not bounded by 127
        context.report.open(f"network {engine.label}: int16 saturation")
        return
    network.run(context, engine)


def _run_engine(context, engine, parts):
    if "network" in parts:
        _run_network(context, engine)
    if "layers" in parts:
        layers.run(context, engine)
    if "sweeps" in parts:
        sweeps.run(context, engine)


def _replay(context, engines, text):
    part, label, kind, index = text.split(":")
    if part == "quantize":
        quantize.run(context, context.quantize_form, (label,), [int(index)])
    for engine in engines:
        if engine.label == label and part in ("layers", "sweeps"):
            module = layers if part == "layers" else sweeps
            module.run(context, engine, [kind], [int(index)])
        if engine.label == label and part == "network":
            network.run(context, engine, [int(index)])


def main():
    arguments = _arguments()
    torch_engine.set_threads(arguments.threads)
    context, start = _context(arguments), time.monotonic()
    saturating = _print_machine(context)
    only = [arguments.replay.split(":")[1]] if arguments.replay else arguments.engine
    context.quantize_form = _find_quantize(context)
    engines = _find_engines(context, saturating, only)
    context.report.info(f"probes and fingerprints took {time.monotonic() - start:.1f} s")
    parts = arguments.part or PARTS
    if arguments.replay:
        _replay(context, engines, arguments.replay)
    elif not arguments.fingerprint:
        if "quantize" in parts and context.quantize_form:
            quantize.run(context, context.quantize_form)
        for engine in engines:
            _run_engine(context, engine, parts)
    elif context.report.failed == 0:
        return 0
    return context.report.finish()


if __name__ == "__main__":
    sys.exit(main())
