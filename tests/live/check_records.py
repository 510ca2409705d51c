"""Compares the contracts with the recorded libraries (vectors/reference), at every accumulator.

Usage: check_records.py --library libassay_live.so [RECORD.json...]. Standard library only.
Exit code: 0 all equal, 1 a difference or nothing compared.
"""

import argparse
import itertools
import json
import pathlib
import sys

import report as reporting
import shim

RECORDS = pathlib.Path(__file__).resolve().parents[2] / "vectors" / "reference" / "records"


def _layer(family, channel):
    bias = None if channel["bias"] is None else [channel["bias"]]
    return shim.make_layer(
        family["x_scale"],
        family["x_zp"],
        [channel["w_scale"]],
        bias,
        family["y_scale"],
        family["y_zp"],
        family["dtype"] == "qint8",
        family["relu"],
        family["per_channel"],
    )


def _detail(family, index, channel, result):
    bias = channel["bias"]
    return (
        f"channel {index}, accumulator {result.acc}: library {result.found}, contract "
        f"{result.expected}; x_scale {family['x_scale']!r}, w_scale {channel['w_scale']!r}, "
        f"y_scale {family['y_scale']!r}, y_zp {family['y_zp']}, bias {bias!r}"
    )


def compare_family(library, contract, family):
    """(accumulators compared, that differ, details) of all channels over the band."""
    compared, differ, details = 0, 0, []
    for index, channel in enumerate(family["channels"]):
        thresholds = list(itertools.accumulate(channel["thresholds"]))
        result = library.steps(
            contract,
            _layer(family, channel),
            family["low"],
            family["high"],
            channel["first"],
            thresholds,
        )
        compared, differ = compared + result.compared, differ + result.differ
        if result.differ and not details:
            details = [_detail(family, index, channel, result)]
    return compared, differ, details


def _record(library, report, path):
    record = json.loads(path.read_text(encoding="ascii"))
    compared, differ, details = 0, 0, []
    for family in record["families"]:
        counts = compare_family(library, record["contract"], family)
        compared, differ = compared + counts[0], differ + counts[1]
        details += [f"{family['name']}: {line}" for line in counts[2]]
    name = (
        f"{path.stem} = {record['contract']} ({record['outputs']:,} outputs recorded), "
        "channels times accumulators"
    )
    report.check(name, compared, differ, details)
    return record["outputs"]


def main():
    parser = argparse.ArgumentParser(prog="check_records", description=__doc__.splitlines()[0])
    parser.add_argument("--library", required=True, help="libassay_live.so of the build")
    parser.add_argument("records", nargs="*", type=pathlib.Path, help="default: all of them")
    arguments = parser.parse_args()
    library, report = shim.Shim(arguments.library), reporting.Report(sys.argv[0])
    records = arguments.records or sorted(RECORDS.glob("*.json"))
    outputs = sum(_record(library, report, path) for path in records)
    report.info(f"      {outputs:,} recorded outputs in {len(records)} records")
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
