"""Checks what a reader relies on: includes run downwards, twins exist and name each other.

usage: check_structure.py SOURCE

Prints `file:line: what, expected what` for every violation and ends with the number of files read.
"""

import os
import re
import sys

LAYERS = ("golden", "config", "vectors", "sim", "cli", "tests")  # each may use those before it
ALLOWED = {"config": ("golden",), "vectors": ("golden", "config"), "sim": ("golden", "vectors")}
LIBRARY_FORBIDDEN = re.compile(r"\b(printf|fprintf|puts|malloc|calloc|realloc|exit|abort)\s*\(")
TWIN = re.compile(r"[Tt]wins?:\s*((?:(?:golden|rtl)/\w+\.\w+(?:\s*\([\w ]+\))?(?:,\s*)?)+)")
NO_TWIN = re.compile(r"\b[Nn]o twin\b")


def sources(root, folder, *endings):
    for path, _, names in sorted(os.walk(os.path.join(root, folder))):
        for name in sorted(names):
            if name.endswith(endings):
                yield os.path.relpath(os.path.join(path, name), root)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def uses(layer):
    lower = LAYERS[: LAYERS.index(layer)]
    return {layer, *ALLOWED.get(layer, lower)}


def check_includes(root, layer, report):
    for path in sources(root, layer, ".c", ".h", ".cc"):
        for number, line in enumerate(read(root, path).splitlines(), 1):
            match = re.match(r'#include "(\w+)/', line)
            if match and match.group(1) in LAYERS and match.group(1) not in uses(layer):
                report(path, number, f"includes {match.group(1)}/, expected only lower folders")


def check_library(root, report):
    for path in sources(root, "golden", ".c"):
        for number, line in enumerate(read(root, path).splitlines(), 1):
            if LIBRARY_FORBIDDEN.search(line) and "snprintf" not in line:
                report(path, number, "prints, allocates or exits, expected a library that does not")


def opening(text):
    """The comment that a file begins with, as one line."""
    match = re.match(r"/\*(.*?)\*/|((?://[^\n]*\n)+)", text, re.S)
    return re.sub(r"\s*\n\s*(//|\*)?\s*", " ", match.group(0)) if match else ""


def twins_of(text):
    match = TWIN.search(opening(text))
    return re.findall(r"(?:golden|rtl)/\w+\.\w+", match.group(1)) if match else []


def check_twins(root, report):
    files = [*sources(root, "golden", ".c", ".h"), *sources(root, "rtl", ".sv")]
    files = [path for path in files if "/tb/" not in path]
    texts = {path: read(root, path) for path in files}
    for path, text in texts.items():
        named = twins_of(text)
        if not named and not NO_TWIN.search(opening(text)):
            report(path, 1, "names no twin, expected `Twin: path.` or `No twin.`")
        for twin in named:
            if twin not in texts:
                report(path, 1, f"names the twin {twin}, which does not exist")
            elif path.endswith((".sv", ".h")) and path not in twins_of(texts[twin]):
                report(path, 1, f"names the twin {twin}, which does not name it")
    return len(files)


def main():
    root, found = sys.argv[1], []

    def report(path, line, text):
        found.append(path)
        print(f"{path}:{line}: {text}")

    for layer in LAYERS:
        check_includes(root, layer, report)
    check_library(root, report)
    count = check_twins(root, report)
    print(f"{count} files of golden/ and rtl/ read, {len(found)} violations")
    return 1 if found or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
