"""Turns sweeps of a real library into records: per channel the thresholds over a gap-free band."""

import dataclasses
import datetime
import json
import pathlib
import platform

import numpy as np

import bands

RECORDS = pathlib.Path(__file__).resolve().parent / "records"
FORMAT = 1
SEED = 2026
UNSEEN = -1000


@dataclasses.dataclass(frozen=True)
class Source:
    """Where a record comes from."""

    library: str  # "PyTorch 2.13.0+cpu"
    operator: str  # what was called
    contract: str  # the contract of golden/ that the record must equal
    script: str  # this folder's script and its arguments


class _Table:
    """Outputs of one channel, one for every accumulator of the band."""

    def __init__(self, low, high):
        self.low, self.values = low, np.full(high - low + 1, UNSEEN, np.int16)
        self.outputs = 0

    def add(self, acc, outputs):
        """Raises if an accumulator gave two different outputs."""
        index, outputs = acc - self.low, outputs.astype(np.int16)
        before = self.values[index]
        self.values[index] = outputs
        seen = before != UNSEEN
        if np.any(self.values[index] != outputs) or np.any(before[seen] != outputs[seen]):
            raise ValueError("equal accumulators gave different outputs")
        self.outputs += outputs.size

    def steps(self):
        """(first output, thresholds): the least accumulator of first + 1, first + 2, ..."""
        rise = np.diff(self.values.astype(np.int32))
        if np.any(self.values == UNSEEN):
            raise ValueError("the band has a gap")
        if np.any(rise < 0):
            raise ValueError("the outputs decrease")
        at = np.flatnonzero(rise)
        thresholds = np.repeat(at + 1 + self.low, rise[at])
        return int(self.values[0]), [int(value) for value in thresholds]


def _differences(values):
    """First value, then differences: shorter in text."""
    return [value - before for value, before in zip(values, [0] + values[:-1])]


def record_family(family, run_layer):
    """Sweeps a family. run_layer(layer) gives [pixels][out_c] integers of the real library."""
    low, high = bands.band_ends(family)
    tables = [_Table(low, high) for _ in range(family.channels)]
    for layer in bands.band_layers(family):
        outputs = run_layer(layer).reshape(layer.base.size, -1)
        for column, channel in enumerate(layer.channel):
            tables[channel].add(layer.base + layer.offset[column], outputs[:, column])
    channels = []
    for index, table in enumerate(tables):
        first, thresholds = table.steps()
        channels.append(
            {
                "w_scale": family.w_scale[index],
                "bias": None if family.bias is None else family.bias[index],
                "first": first,
                "thresholds": _differences(thresholds),
            }
        )
    shared = {
        "name": family.name,
        "outputs": sum(table.outputs for table in tables),
        "low": low,
        "high": high,
        "dtype": "qint8" if family.signed else "quint8",
        "x_scale": family.x_scale,
        "x_zp": family.x_zp,
        "y_scale": family.y_scale,
        "y_zp": family.y_zp,
        "relu": family.relu,
        "per_channel": family.per_channel,
    }
    return {**shared, "channels": channels}


def families(signed=False, float32=False, channels=8, stretch=2):
    """One family of every kind, the same for every library that takes these types."""
    for number, kind in enumerate(bands.KINDS):
        rng = np.random.default_rng([SEED, number, signed, float32])
        yield bands.draw_family(rng, kind, channels, signed, stretch=stretch, float32=float32)


def integer_bias(layer):
    """int32 biases [out_c] of a layer, for libraries whose models hold integers."""
    if layer.family.bias is None:
        return np.zeros(len(layer.channel), np.int32)
    unit = (layer.w_scale * layer.family.x_scale).astype(np.float32)
    return np.rint(layer.bias * (np.float32(1) / unit)).astype(np.int32)


def _cpu():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        text = file.read()
    model = next((line for line in text.splitlines() if line.startswith("model name")), "?: ?")
    has = [flag for flag in ("avx2", "avx512bw", "avx_vnni", "avx512_vnni") if f" {flag} " in text]
    return f"{model.split(':')[1].strip()} ({', '.join(has)})"


def _one_line_channels(text):
    """json.dumps' indented text with every channel on a line of its own."""
    return text.replace('"channels": [', '"channels": [\n').replace("}, {", "},\n{")


def write(name, source, records):
    """Writes records/NAME.json."""
    outputs = sum(record["outputs"] for record in records)
    head = {
        "format": FORMAT,
        **dataclasses.asdict(source),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "cpu": _cpu(),
        "date": datetime.date.today().isoformat(),
        "outputs": outputs,
    }
    lines = ",\n".join(_one_line_channels(json.dumps(record)) for record in records)
    text = json.dumps(head, indent=1)[:-2] + ',\n "families": [\n' + lines + "\n]}\n"
    json.loads(text)
    RECORDS.mkdir(exist_ok=True)
    (RECORDS / f"{name}.json").write_text(text, encoding="ascii")
    print(f"{name}: {outputs:,} outputs of {source.library}, {source.operator}", flush=True)
