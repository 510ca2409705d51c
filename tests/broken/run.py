"""Proves that the comparisons can fail: builds deliberately broken copies and demands a mismatch.

usage: run.py golden --source DIR --work DIR [--only NAME]
       run.py rtl --source DIR --work DIR --assay PROGRAM [--only NAME]

Every file of tests/broken/KIND/ is a patch with two lines before it: what it breaks, and a regular
expression for the message that must name the place. A variant counts only if the patched copy
builds, the comparison exits with 1 and prints that message. The unpatched copy must pass first.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys

SHARED = ("golden", "config", "vectors", "rtl")


def run(command, folder, **options):
    return subprocess.run(command, cwd=folder, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **options)


class Variant:
    def __init__(self, path):
        self.path = path
        self.name = os.path.splitext(os.path.basename(path))[0]
        with open(path, encoding="utf-8") as file:
            self.breaks = file.readline().removeprefix("breaks: ").strip()
            self.expects = file.readline().removeprefix("expects: ").strip()

    def apply(self, folder, *options):
        command = ["patch", "-p1", "--silent", "--fuzz=0", *options, "-i", self.path]
        return run(command, folder).returncode == 0


class Golden:
    """A copy of the C sources, built once; a variant rebuilds only what it touches."""

    def __init__(self, source, copy):
        self.source, self.copy, self.build = source, copy, os.path.join(copy, "build")

    def prepare(self):
        shutil.copytree(os.path.join(self.source, "tests/broken"),
                        os.path.join(self.copy, "tests/broken"))
        command = ["cmake", "-G", "Ninja", "-S", os.path.join(self.copy, "tests/broken"),
                   "-B", self.build]
        return run(command, self.copy)

    def compile(self):
        return run(["ninja", "-C", self.build, "golden_line"], self.copy)

    def compare(self):
        network = os.path.join(self.source, "config/networks/unet_simplified")
        recorded = os.path.join(self.source, "vectors/reference/unet_simplified/qnnpack")
        engine = os.path.join(self.source, "config/engines/8x8.yaml")
        program = os.path.join(self.build, "golden_line")
        return run([program, network, engine, "qnnpack", recorded], self.copy, timeout=120)


class Rtl:
    """A copy of the engine under the self-checking bench in Icarus, on vectors made once."""

    DIRECTED = ["--directed"]  # both sides of every threshold
    VECTORS = {
        "affine": ["--requantizer", "affine"],
        "threshold": ["--requantizer", "threshold", *DIRECTED],
        "corrected": ["--requantizer", "corrected", "--contract", "onednn_3_11", *DIRECTED],
        "few_dsps": ["--requantizer", "affine", "--engine", "8x8_small"],
        "int4": ["--requantizer", "affine", "--network", "int4_network"],
    }
    RUNS = (("affine", "conv1"), ("affine", "conv2"), ("threshold", "conv3"),
            ("corrected", "conv3"), ("few_dsps", "conv1"), ("int4", "conv2"))

    def __init__(self, source, copy, assay):
        self.source, self.copy, self.assay = source, copy, os.path.abspath(assay)

    def prepare(self):
        self.write_image()
        self.write_int4_network()
        for name, options in self.VECTORS.items():
            result = run([self.assay, "gen", "--image", "image.pgm", *options, "-o", name],
                         self.copy)
            if result.returncode != 0:
                break
        for vectors, layer in self.RUNS:
            self.shorten(os.path.join(self.copy, vectors, layer, "sizes.svh"))
        return result

    def shorten(self, path):
        """Two images: the targets of conv3 fill no more, the others are for layers of more channels."""
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r"Images = (\d+)", lambda m: f"Images = {min(2, int(m[1]))}", text))

    def write_image(self):
        """A picture without symmetry."""
        with open(os.path.join(self.copy, "image.pgm"), "wb") as file:
            file.write(b"P5 13 10 65535\n")
            for i in range(130):
                file.write(((i * i * 37 + i * 101) % 2300).to_bytes(2, "big"))

    def write_int4_network(self):
        """The shipped network with conv2's weights shifted into -8..7 and declared int4."""
        folder = os.path.join(self.copy, "int4_network")
        shutil.copytree(os.path.join(self.copy, "config/networks/unet_simplified"), folder)
        path = os.path.join(folder, "conv2.weight.npy")
        with open(path, "rb") as file:
            data = file.read()
        start = 10 + int.from_bytes(data[8:10], "little")  # of the values in a .npy file
        with open(path, "wb") as file:
            file.write(data[:start] +
                       bytes(byte >> 4 | (0xf0 if byte > 127 else 0) for byte in data[start:]))
        path = os.path.join(folder, "network.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        line = "weight: conv2.weight.npy\n"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(line, line + "    weight_dtype: int4\n"))

    def compile_bench(self, vectors, layer):
        folder = os.path.join(self.copy, vectors, layer)
        bench = sorted(os.listdir(os.path.join(self.copy, "rtl/tb")))
        with open(os.path.join(self.copy, "rtl/files.f"), encoding="utf-8") as file:
            files = ["tb/" + name for name in bench if name.endswith(".sv")] + file.read().split()
        return run(["iverilog", "-g2012", "-I", folder, "-s", "assay_vectors_tb",
                    "-o", os.path.join(folder, "bench"), *files], os.path.join(self.copy, "rtl"))

    def compile(self):
        """Of one engine only: compare() compiles the others where it needs them."""
        return self.compile_bench(*self.RUNS[0])

    def compare(self):
        """Ends at the first layer that fails."""
        for vectors, layer in self.RUNS:
            built = self.compile_bench(vectors, layer)
            if built.returncode != 0:
                sys.exit(f"{vectors}/{layer} does not build\n{last_lines(built.stdout)}")
            result = run(["vvp", "-n", "bench", "+dir=.", "+stall=30", "+seed=1", "+timeout=2000"],
                         os.path.join(self.copy, vectors, layer), timeout=120)
            if result.returncode != 0:
                break
        return result


def kind_of(options, copy):
    if options.kind == "golden":
        return Golden(options.source, copy)
    return Rtl(options.source, copy, options.assay)


def copy_of(source, work):
    copy = os.path.join(work, "copy")
    shutil.rmtree(copy, ignore_errors=True)
    for folder in SHARED:
        shutil.copytree(os.path.join(source, folder), os.path.join(copy, folder),
                        ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def last_lines(text, count=5):
    return "\n".join("    " + line for line in text.strip().splitlines()[-count:])


def check_unpatched(kind):
    for step in (kind.prepare, kind.compile, kind.compare):
        result = step()
        if result.returncode != 0:
            print(f"FAIL unpatched sources: {step.__name__}\n{last_lines(result.stdout, 20)}")
            return False
    print("pass unpatched sources")
    return True


def verdict(kind, variant):
    """None if the variant is caught as it must be, else why it does not count."""
    if not variant.apply(kind.copy):
        return "the patch does not apply"
    built = kind.compile()
    if built.returncode != 0:
        return "does not build\n" + last_lines(built.stdout)
    result = kind.compare()
    if result.returncode != 1:
        return f"not caught: exit code {result.returncode}\n" + last_lines(result.stdout)
    found = re.search(variant.expects, result.stdout)
    if not found:
        return f"caught, but no message like {variant.expects}\n" + last_lines(result.stdout)
    print(f"caught {variant.name}: {variant.breaks}\n    {found.group(0)}")
    return None


def check_variants(kind, variants):
    failed = 0
    for variant in variants:
        why = verdict(kind, variant)
        if why:
            failed += 1
            print(f"FAIL {variant.name}: {why}")
        if not variant.apply(kind.copy, "--reverse"):
            sys.exit(f"{variant.name}: cannot be taken back")
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=("golden", "rtl"))
    parser.add_argument("--source", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--assay", help="the assay program, which makes the vectors")
    parser.add_argument("--only")
    options = parser.parse_args()
    options.source = os.path.abspath(options.source)
    folder = os.path.join(options.source, "tests/broken", options.kind)
    names = sorted(name for name in os.listdir(folder) if name.endswith(".patch"))
    variants = [Variant(os.path.join(folder, name)) for name in names]
    if options.only:
        variants = [variant for variant in variants if variant.name == options.only]
    kind = kind_of(options, copy_of(options.source, os.path.abspath(options.work)))
    if not variants or not check_unpatched(kind):
        return 1
    failed = check_variants(kind, variants)
    print(f"{len(variants) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
