"""Records what a real PyTorch answers to the directed vectors of a bundle.

usage: record_directed.py BUNDLE ENGINE CONTRACT INPUTS FOLDER

INPUTS holds LAYER.x.npy and LAYER.places.npy of every convolution, as the test program
directed_outputs writes them for CONTRACT. Writes FOLDER/directed_LAYER.npy, int32 [vectors][3]:
channel, accumulator, PyTorch's output; and FOLDER/provenance.json. The accumulators are computed
here, without any code of the golden model. Refuses to write when a vector misses its accumulator,
or when equal accumulators of a channel gave different outputs anywhere in an image. Needs PyTorch,
NumPy and PyYAML.
"""

import hashlib
import json
import os
import sys

import numpy as np
import torch

import record_network


def accumulators(bundle, layer, x, x_zp):
    """Exact sums [n][y][x][c]: float64 holds every integer that occurs."""
    pair = lambda key, default: list(layer.get(key, [default, default]))
    image = torch.from_numpy(x.astype(np.float64) - x_zp).permute(0, 3, 1, 2)
    weight = bundle.tensor(layer, "weight").double()
    sums = torch.nn.functional.conv2d(
        image, weight, None, pair("stride", 1), pair("padding", 0), pair("dilation", 1),
        layer.get("groups", 1))
    return sums.permute(0, 2, 3, 1).numpy().astype(np.int64)


def engine_outputs(bundle, layer, x, before):
    image = torch._make_per_tensor_quantized_tensor(
        torch.from_numpy(x).permute(0, 3, 1, 2), record_network.number(before["scale"]),
        before["zero_point"])
    y = record_network.convolve(bundle, layer, image)
    return y.int_repr().permute(0, 2, 3, 1).contiguous().numpy().astype(np.int32)


def check_function(name, acc, y):
    """The number of outputs that agree because the accumulator decides the output."""
    for channel in range(acc.shape[3]):
        pairs = np.stack([acc[..., channel].ravel(), y[..., channel].ravel()], axis=1)
        distinct = np.unique(pairs, axis=0)
        if len(np.unique(distinct[:, 0])) != len(distinct):
            sys.exit(f"{name}, channel {channel}: equal accumulators gave different outputs")


def record(bundle, layer, before, inputs):
    name = layer["name"]
    x = np.load(os.path.join(inputs, name + ".x.npy"))
    places = np.load(os.path.join(inputs, name + ".places.npy"))
    acc = accumulators(bundle, layer, x, before["zero_point"])
    y = engine_outputs(bundle, layer, x, before)
    check_function(name, acc, y)
    channel, at = places[:, 0], tuple(places[:, column] for column in (3, 4, 5, 0))
    if not np.array_equal(acc[at], places[:, 1]):
        sys.exit(f"{name}: a vector misses its accumulator")
    rows = np.stack([channel, places[:, 1], y[at]], axis=1).astype(np.int32)
    return rows, {"vectors": len(rows), "outputs": int(y.size),
                  "x_sha256": hashlib.sha256(x.tobytes()).hexdigest()}


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    folder, engine, contract, inputs, target = sys.argv[1:]
    torch.backends.quantized.engine = engine
    torch.set_num_threads(1)
    bundle, before, layers = record_network.Bundle(folder), None, {}
    os.makedirs(target, exist_ok=True)
    for layer in bundle.layers:
        if layer["type"] in ("Conv2d", "ConvReLU2d"):
            rows, layers[layer["name"]] = record(bundle, layer, before, inputs)
            np.save(os.path.join(target, f"directed_{layer['name']}.npy"), rows)
        before = layer
    provenance = {"torch": torch.__version__, "engine": engine, "contract": contract,
                  "numpy": np.__version__, "script": "record_directed.py",
                  "columns": ["channel", "accumulator", "output"],
                  "bundle": os.path.basename(os.path.abspath(folder)), "layers": layers}
    with open(os.path.join(target, "provenance.json"), "w", encoding="utf-8") as file:
        json.dump(provenance, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    main()
