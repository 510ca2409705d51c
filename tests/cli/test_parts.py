"""Layers that are larger than the buffers, through the verbs that simulate and write vectors."""

import json
import os
import shutil
import subprocess
import unittest

import command


class Parts(command.CommandTest):
    """The shipped network on an engine of which a driver uses the first 16 words of each bank."""

    def setUp(self):
        super().setUp()
        engine = (command.SOURCE / "config" / "engines" / "8x8.yaml").read_text()
        (self.folder / "8x8.yaml").write_text(engine.replace("bank_depth: 1024", "bank_depth: 16"))
        pixels = [float((37 * i * i + 11 * i) % 256) for i in range(5 * 60)]
        command.write_npy(self.folder / "image.npy", (5, 60), pixels)
        self.small = ("--engine", "./8x8.yaml", "--image", "image.npy")
        self.whole = ("--image", "image.npy")

    def manifest(self, folder):
        return json.loads((self.folder / folder / "manifest.json").read_text())

    def tensor(self, folder, layer, name):
        return command.read_npy(self.folder / folder / layer / (name + ".npy"))

    def test_joined_vectors_are_those_of_the_whole_layer(self):
        self.assay("gen", *self.whole, "-o", "whole")
        self.assay("gen", *self.small, "-o", "parts")
        counts = {}
        for layer in self.manifest("parts")["layers"]:
            of, first = layer["part"]["of"], layer["part"]["out"]
            for name in ("acc", "y"):
                (_, rows, columns, channels), part = self.tensor("parts", layer["name"], name)
                (_, _, all_columns, all_channels), whole = self.tensor("whole", of, name)
                for i, value in enumerate(part):
                    y, x, c = (i // (columns * channels), i // channels % columns, i % channels)
                    at = ((first["y"] + y) * all_columns + first["x"] + x) * all_channels
                    self.assertEqual(value, whole[at + first["c"] + c])
            counts[of] = counts.get(of, 0) + len(part)
        self.assertEqual(counts, {"conv1": 5 * 60 * 8, "conv2": 5 * 60 * 8, "conv3": 5 * 60})

    def test_a_part_is_a_layer_for_a_simulator(self):
        # The bench builds an engine that really has 16 words a bank.
        if shutil.which("iverilog") is None:
            self.skipTest("no iverilog")
        self.assay("gen", *self.small, "-o", "parts")
        rtl = command.SOURCE / "rtl"
        files = [str(path) for path in sorted((rtl / "tb").glob("*.sv")) + sorted(rtl.glob("*.sv"))]
        for part in ("conv3@0", "conv3@1"):
            folder = self.folder / "parts" / part
            subprocess.run(["iverilog", "-g2012", "-I", str(folder), "-s", "assay_vectors_tb",
                            "-o", str(folder / "bench")] + files, check=True)
            run = subprocess.run(["vvp", "-n", str(folder / "bench"), "+dir=" + str(folder),
                                  "+stall=20"], cwd=str(folder), capture_output=True, text=True)
            self.assertEqual(run.stdout.splitlines()[-1], "TEST PASSED", run.stdout)
            self.assay("check", "parts", part, "stream_out", str(folder / "received.mem"))

    @unittest.skipIf("cosim" not in command.verbs(), "built without the co-simulation")
    def test_cosim_compares_the_whole_layer(self):
        text = self.assay("cosim", *self.small, "--stalls", "0,40", "--states", 1).stdout
        for line in text.splitlines()[:6]:
            values = 5 * 60 * (1 if line.startswith("conv3") else 8)
            for stage in ("acc", "requant", "output"):
                self.assertIn("%s %d/%d" % (stage, values, values), line)
        # 17 channels, three stages, two runs.
        self.assertRegex(text, r"PASS .* %s values compared" % format(5 * 60 * 17 * 3 * 2, ","))

    @unittest.skipIf("signoff" not in command.verbs(), "built without the co-simulation")
    def test_signoff_counts_parts(self):
        self.assay("signoff", *self.small, "--stalls", "0", "--states", 1, "-o", "out")
        report = json.loads((self.folder / "out" / "report.json").read_text())
        plan = self.assay("plan", *self.small).stdout
        for layer in report["layers"]:
            self.assertGreater(layer["parts"], 1)
            self.assertEqual(layer["reference_mismatches"], 0)
        self.assertEqual(plan.count("    in "), 3)


if __name__ == "__main__":
    unittest.main()
