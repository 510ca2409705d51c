"""Records what a real PyTorch computes for every layer of a bundle, as .npy files.

usage: record_network.py BUNDLE ENGINE FOLDER [--rows A:B] [--columns A:B]

Writes FOLDER/image.npy (float32), one NAME.npy of integers for every layer that has an integer
output, and FOLDER/provenance.json with the versions. The layers are built from the bundle's files
with torch.ops.quantized, without any code of the golden model. Needs PyTorch, NumPy and PyYAML.
"""

import argparse
import json
import os
import sys

import numpy as np
import torch
import yaml


def span(text):
    first, last = text.split(":")
    return slice(int(first), int(last))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle")
    parser.add_argument("engine")
    parser.add_argument("folder")
    parser.add_argument("--image", default="image_64x64.npy")
    parser.add_argument("--rows", type=span, default=slice(None))
    parser.add_argument("--columns", type=span, default=slice(None))
    return parser.parse_args()


class Bundle:
    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "network.yaml"), encoding="utf-8") as file:
            self.layers = yaml.safe_load(file)["layers"]

    def tensor(self, layer, key):
        name = layer.get(key)
        return None if name is None else torch.from_numpy(np.load(os.path.join(self.folder, name)))


def number(value):
    """Scales may be written as hexadecimal floats, which YAML reads as text."""
    return float.fromhex(value) if isinstance(value, str) and "x" in value else float(value)


def convolve(bundle, layer, x):
    weight, scale = bundle.tensor(layer, "weight"), bundle.tensor(layer, "weight_scale")
    if scale.numel() == weight.shape[0]:
        zero = torch.zeros(scale.numel(), dtype=torch.long)
        packed_weight = torch._make_per_channel_quantized_tensor(weight, scale.double(), zero, 0)
    else:
        packed_weight = torch._make_per_tensor_quantized_tensor(weight, float(scale), 0)
    pair = lambda key, default: list(layer.get(key, [default, default]))
    packed = torch.ops.quantized.conv2d_prepack(
        packed_weight, bundle.tensor(layer, "bias"), pair("stride", 1), pair("padding", 0),
        pair("dilation", 1), layer.get("groups", 1))
    relu = layer["type"] == "ConvReLU2d"
    call = torch.ops.quantized.conv2d_relu if relu else torch.ops.quantized.conv2d
    return call(x, packed, number(layer["scale"]), layer["zero_point"])


def main():
    options = arguments()
    torch.backends.quantized.engine = options.engine
    torch.set_num_threads(1)
    bundle = Bundle(options.bundle)
    image = np.load(os.path.join(options.bundle, options.image))[options.rows, options.columns]
    image = np.ascontiguousarray(image)
    os.makedirs(options.folder, exist_ok=True)
    np.save(os.path.join(options.folder, "image.npy"), image)
    x = torch.from_numpy(image)[None, None]
    for layer in bundle.layers:
        if layer["type"] == "Quantize":
            x = torch.quantize_per_tensor(x, number(layer["scale"]), layer["zero_point"], torch.quint8)
        elif layer["type"] in ("Conv2d", "ConvReLU2d"):
            x = convolve(bundle, layer, x)
        elif layer["type"] == "DeQuantize":
            continue
        else:
            sys.exit(f"{layer['name']}: {layer['type']} cannot be recorded")
        integers = x.int_repr().permute(0, 2, 3, 1).contiguous().numpy()  # NHWC
        np.save(os.path.join(options.folder, layer["name"] + ".npy"), integers)
    provenance = {"torch": torch.__version__, "engine": options.engine, "numpy": np.__version__,
                  "layout": "[n][y][x][c]", "bundle": os.path.basename(os.path.abspath(options.bundle))}
    with open(os.path.join(options.folder, "provenance.json"), "w", encoding="utf-8") as file:
        json.dump(provenance, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    main()
