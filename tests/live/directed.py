"""Compares what the RTL answers to directed vectors with what this interpreter's PyTorch computes.

usage: directed.py --library libassay_live.so --program directed_outputs [--bundle FOLDER]

For every engine of this PyTorch whose contract is known, the program lowers the bundle for that
contract, solves for both sides of every threshold of every channel, and runs the images through the
RTL. PyTorch gets the same integers, layer by layer. Every output of every image is compared, not
only those at the thresholds. Exit code: 0 equal, 1 a difference or nothing compared, 3 no PyTorch.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "vectors" / "reference"))
sys.dont_write_bytecode = True

try:
    import numpy as np
    import torch_engine  # first: it sets the size of PyTorch's cache

    import record_directed
    import record_network
except ImportError as error:
    sys.exit(print(f"directed: {sys.executable} has no PyTorch with numpy and yaml: {error}") or 3)

import fingerprint
import report as reporting
import saturation
import shim


def _arguments():
    parser = argparse.ArgumentParser(prog="directed", description=__doc__.splitlines()[0])
    parser.add_argument("--library", required=True, help="libassay_live.so of the build")
    parser.add_argument("--program", required=True, help="directed_outputs of the build")
    parser.add_argument("--bundle", default=str(HERE.parents[1] / "config/networks/unet_simplified"))
    return parser.parse_args()


def _contract(library, name, report):
    """The engine's contract, or None with the reason in the report."""
    if "dense" in saturation.probe(name):
        report.open(f"{name}: int16 saturation")
        return None
    engine, _ = fingerprint.find(library, name)
    if not engine.known:
        report.fail(f"directed {name}", "no contract fits this engine")
        return None
    return engine.contract(per_channel=True)


def _first(y, found):
    """Text of the first difference."""
    n, row, column, channel = (int(index) for index in np.argwhere(y != found)[0])
    where = f"n={n}, y={row}, x={column}, c={channel}"
    at = (n, row, column, channel)
    return f"first at ({where}): RTL {int(y[at])}, PyTorch {int(found[at])}"


def _compare_layer(context, contract, layer, before, folder):
    name, bundle, report = layer["name"], context["bundle"], context["report"]
    x, y, places = (
        np.load(os.path.join(folder, f"{name}.{what}.npy")) for what in ("x", "y", "places")
    )
    found = record_directed.engine_outputs(bundle, layer, x, before)
    at = tuple(places[:, column] for column in (3, 4, 5, 0))
    on_vectors = int((y[at] != found[at]).sum())
    label = f"RTL lowered for {contract}, {name}"
    report.check(f"{label}, directed vectors", len(places), on_vectors)
    differ = int((y != found).sum())
    report.check(f"{label}, all outputs", y.size, differ, [_first(y, found)] if differ else ())


def _compare_engine(context, arguments, name):
    contract = _contract(context["library"], name, context["report"])
    if contract is None:
        return
    torch_engine.torch.backends.quantized.engine = name
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([arguments.program, arguments.bundle, contract, folder], check=False)
        if done.returncode != 0:
            context["report"].fail(f"directed {name}", f"exit code {done.returncode}")
            return
        before = None
        for layer in context["bundle"].layers:
            if layer["type"] in ("Conv2d", "ConvReLU2d"):
                _compare_layer(context, contract, layer, before, folder)
            before = layer


def main():
    arguments = _arguments()
    torch_engine.set_threads(1)
    context = {
        "library": shim.Shim(arguments.library),
        "bundle": record_network.Bundle(arguments.bundle),
        "report": reporting.Report(""),
    }
    context["report"].info(f"PyTorch {torch_engine.version()}, {sys.executable}")
    for name in torch_engine.engines():
        _compare_engine(context, arguments, name)
    return context["report"].finish()


if __name__ == "__main__":
    sys.exit(main())
