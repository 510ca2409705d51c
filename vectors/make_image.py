#!/usr/bin/env python3
"""Draws a grey test picture in the input range of unet_simplified, as float32 .npy [y][x].

Usage: make_image.py ROWS COLUMNS FILE.npy [SEED]

A slanted gradient, a bright disc, a dark frame, stripes and noise, so that every layer's output
varies. Integer arithmetic only: the same bytes on every machine. Values lie in -221 .. 2339, what
quant (scale 10.0395, zero point 22) can represent.
"""
import sys

import numpy

LOW, HIGH = -221, 2339


def noise(count, seed):
    """SplitMix64 (Steele, Lea, Flood 2014): value i is a pure function of seed and i, in 0..255."""
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(seed) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(
            0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        return ((z ^ (z >> numpy.uint64(31))) >> numpy.uint64(56)).astype(numpy.int64)


def draw(rows, columns, seed):
    y, x = numpy.mgrid[0:rows, 0:columns].astype(numpy.int64)
    picture = LOW + (HIGH - LOW) * (x * rows + y * columns) // (2 * rows * columns)
    radius = min(rows, columns) // 5
    disc = (y - rows // 3) ** 2 + (x - columns // 3) ** 2 <= radius ** 2
    picture[disc] = HIGH - 3 * ((y - rows // 3) ** 2 + (x - columns // 3) ** 2)[disc]
    frame = ((abs(y - 2 * rows // 3) <= rows // 6) & (abs(x - 2 * columns // 3) <= columns // 6)
             & ~((abs(y - 2 * rows // 3) < rows // 9) & (abs(x - 2 * columns // 3) < columns // 9)))
    picture[frame] = LOW + 60
    stripes = (y > 3 * rows // 4) & (x < columns // 3) & (x // 3 % 2 == 0)
    picture[stripes] = 1900
    picture += noise(rows * columns, seed).reshape(rows, columns) - 128
    return numpy.clip(picture, LOW, HIGH).astype(numpy.float32)


def main(arguments):
    if len(arguments) not in (3, 4):
        sys.exit(__doc__)
    seed = int(arguments[3]) if len(arguments) == 4 else 1
    picture = draw(int(arguments[0]), int(arguments[1]), seed)
    with open(arguments[2], "wb") as file:
        numpy.lib.format.write_array(file, picture, version=(1, 0))


if __name__ == "__main__":
    main(sys.argv[1:])
