"""The README's program is the file that was built, and prints what `assay run` writes."""

import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["ASSAY_SOURCE"])
sys.path.insert(0, str(SOURCE / "tests" / "cli"))
import command

README = (SOURCE / "README.md").read_text()


class Readme(unittest.TestCase):

    def test_program_is_the_built_one(self):
        blocks = re.findall(r"```c\n(.*?)```", README, re.DOTALL)
        self.assertEqual(blocks, [(SOURCE / "tests/readme/run_seed_network.c").read_text()])

    def test_program_prints_what_the_command_writes(self):
        printed = subprocess.run(
            [os.environ["PROGRAM"], command.BUNDLE, command.BUNDLE / "image_64x64.npy"],
            capture_output=True, text=True, check=True).stdout.split()
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([command.ASSAY, "run", "-o", folder + "/out"], check=True,
                           capture_output=True)
            shape, values = command.read_npy(pathlib.Path(folder) / "out/output.npy")
        self.assertEqual(shape, (1, 1, 64, 64))
        self.assertEqual([struct.pack("<f", float(text)) for text in printed],
                         [struct.pack("<f", value) for value in values])

    def test_named_files_exist(self):
        names = re.findall(r"`((?:golden|rtl|config|vectors|tests)/[\w/.]+)`", README)
        self.assertGreater(len(names), 20)
        for name in names:
            self.assertTrue((SOURCE / name).exists(), name)

    def test_every_twin_is_in_the_table(self):
        missing = [path.name for path in (SOURCE / "rtl").glob("*.sv")
                   if "Twin" in path.read_text().split("\n")[0] and path.name not in README]
        self.assertEqual(missing, [])

    def test_verbs_of_the_table_exist(self):
        table = README.split("## What you can do")[1].split("Your own network")[0]
        cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
        named = {verb for cell in cells for verb in re.findall(r"`(\w+)`", cell)}
        self.assertLessEqual(set(command.verbs()), named)


if __name__ == "__main__":
    unittest.main()
