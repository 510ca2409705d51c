"""Runs the assay command for the tests in this folder; standard library only."""

import os
import pathlib
import shutil
import struct
import subprocess
import tempfile
import unittest

ASSAY = os.environ["ASSAY"]
SOURCE = pathlib.Path(os.environ["ASSAY_SOURCE"])
BUNDLE = SOURCE / "config" / "networks" / "unet_simplified"


def verbs():
    """Verbs that this build has."""
    listing = subprocess.run([ASSAY, "--help"], capture_output=True, text=True, check=True).stdout
    lines = listing.split("verbs:\n")[1].split("\n\n")[0].splitlines()
    return [line.split()[0] for line in lines if not line.split()[0] == "test"]


def write_npy(path, shape, values, code="<f4", letter="f"):
    """A version 1.0 .npy file with these values."""
    dims = "(" + ", ".join(str(n) for n in shape) + ("," if len(shape) == 1 else "") + ")"
    header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (code, dims)
    header += " " * (-(len(header) + 11) % 64) + "\n"
    data = struct.pack("<%d%s" % (len(values), letter), *values)
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) +
                     header.encode("ascii") + data)


def read_npy(path):
    """(shape, values) of a little-endian .npy file of float32, int32, int8 or uint8."""
    data = path.read_bytes()
    length = struct.unpack("<H", data[8:10])[0]
    header = eval(data[10:10 + length].decode("ascii"))  # a literal that numpy.save writes
    letter = {"<f4": "f", "<i4": "i", "|i1": "b", "|u1": "B"}[header["descr"]]
    count = 1
    for n in header["shape"]:
        count *= n
    return header["shape"], struct.unpack("<%d%s" % (count, letter), data[10 + length:])


class CommandTest(unittest.TestCase):
    """A test with a folder of its own, which is also the working folder of the command."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def assay(self, *arguments, code=0, timeout=300):
        """Runs the command and checks its exit code."""
        line = [ASSAY] + [str(argument) for argument in arguments]
        result = subprocess.run(line, cwd=self.folder, capture_output=True, text=True,
                                timeout=timeout)
        self.assertEqual(result.returncode, code,
                         "%s\nstdout: %s\nstderr: %s" % (line, result.stdout, result.stderr))
        return result

    def refused(self, *arguments):
        """Runs the command on bad input: exit 2, one line on standard error, nothing written."""
        before = self.files()
        result = self.assay(*arguments, code=2)
        self.assertEqual(result.stdout, "")
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertEqual(self.files(), before)
        return result.stderr

    def files(self):
        """Every file and folder below the test's folder."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))

    def copy_bundle(self):
        """A copy of the shipped bundle in the test's folder."""
        copy = self.folder / "bundle"
        shutil.copytree(BUNDLE, copy)
        return copy

    def edit(self, path, old, new):
        """Replaces the first `old` in a file, which must be there."""
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))
