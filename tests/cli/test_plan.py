"""assay plan: what its table says of the shipped network."""

import unittest

import command


def number(text):
    return int(text.replace(",", ""))


class Plan(command.CommandTest):

    def rows(self, *arguments):
        """Columns of every layer's line, by layer name."""
        lines = self.assay("plan", *arguments).stdout.splitlines()
        start = next(i for i, line in enumerate(lines) if line.startswith("layer "))
        table = [line.split() for line in lines[start + 1:start + 4]]
        return {columns[0]: columns for columns in table}

    def test_multiplications_by_hand(self):
        rows = self.rows("--height", 32, "--width", 40)
        self.assertEqual(number(rows["conv1"][3]), 32 * 40 * 9 * 8)
        self.assertEqual(number(rows["conv2"][3]), 32 * 40 * 9 * 8 * 8)
        self.assertEqual(number(rows["conv3"][3]), 32 * 40 * 9 * 8)

    def test_multiplications_of_the_seed_network(self):
        # 64 * 64 * 9 * (1*8 + 8*8 + 8*1), on the bundle's own image.
        self.assertIn("all layers: 2,949,120 MACs", self.assay("plan").stdout)

    def test_queued_layers_hide_their_setup(self):
        text = self.assay("plan").stdout
        alone = number(text.split(" MACs in ")[1].split(" cycles")[0])
        queued = number(text.split("queued behind each other: ")[1].split(" cycles")[0])
        setup = number(text.split("before saves ")[1].split(" cycles")[0])
        early = number(text.split("weights loaded then ")[1].split("\n")[0])
        self.assertEqual(alone - setup - early, queued)
        self.assertGreater(setup, 2 * 20)

    def int4_bundle(self):
        """The shipped bundle with conv2's weights shifted into -8..7 and declared int4."""
        bundle = self.copy_bundle()
        path = bundle / "conv2.weight.npy"
        data = path.read_bytes()
        start = 10 + int.from_bytes(data[8:10], "little")
        path.write_bytes(data[:start] + bytes((b >> 4) | (0xf0 if b > 127 else 0)
                                              for b in data[start:]))
        self.edit(bundle / "network.yaml", "weight: conv2.weight.npy",
                  "weight: conv2.weight.npy\n    weight_dtype: int4")

    def test_int4_weights_take_half_the_memory(self):
        self.int4_bundle()
        # 9 taps of 8 channels: 72 words of 16,384, or 36.
        text = self.assay("plan", "bundle", "--registers").stdout
        self.assertIn("0.2%", text.split("conv2")[1].split("\n")[0])
        modes = [line for line in text.splitlines() if line.strip().startswith("0x040 =")]
        self.assertEqual([int(line.split("= ")[1], 16) >> 10 & 1 for line in modes], [0, 1, 0])

    @unittest.skipIf("cosim" not in command.verbs(), "built without the co-simulation")
    def test_int4_weights_on_the_rtl(self):
        self.int4_bundle()
        self.assertIn("PASS", self.assay("cosim", "--network", "bundle", "--stalls", "0,40",
                                         "--states", 1).stdout)

    def test_weights_beyond_int4_are_refused(self):
        bundle = self.copy_bundle()
        self.edit(bundle / "network.yaml", "weight: conv2.weight.npy",
                  "weight: conv2.weight.npy\n    weight_dtype: int4")
        self.assertRegex(self.assay("plan", "bundle", code=2).stderr,
                         r"network.yaml:\d+:\d+: weight_dtype is int4, but channel \d+ of "
                         r"'conv2.weight.npy' has a weight of -?\d+, expected -8 to 7")

    def test_registers_end_with_start(self):
        lines = self.assay("plan", "--registers").stdout.splitlines()
        writes = [line for line in lines if " = 0x" in line]
        self.assertEqual(writes[-1].strip(), "0x004 = 0x00000001")

    def test_one_side_is_both(self):
        self.assertEqual(self.assay("plan", "--width", 96).stdout,
                         self.assay("plan", "--width", 96, "--height", 96).stdout)

    def test_few_input_channels_are_spread(self):
        rows = self.rows()
        self.assertEqual([rows[name][1] for name in ("conv1", "conv2", "conv3")],
                         ["spread", "reduce", "reduce"])

    def test_utilization_is_multiplications_by_cycles(self):
        for columns in self.rows("--engine", "16x16").values():
            share = 100.0 * number(columns[3]) / (256 * number(columns[4]))
            self.assertAlmostEqual(float(columns[5].rstrip("%")), share, delta=0.06)

    def test_seed_network_keeps_the_array_busy(self):
        text = self.assay("plan", "--requantizer", "affine", "--width", 256).stdout
        total = next(line for line in text.splitlines() if line.startswith("all layers:"))
        self.assertGreaterEqual(float(total.split("cycles, ")[1].split(" %")[0]), 97.0)

    def test_the_operand_is_the_network(self):
        self.copy_bundle()
        self.assertEqual(self.assay("plan", "bundle").stdout, self.assay("plan").stdout)

    def test_a_wide_image_is_cut(self):
        # 3 rows of 5000 positions in 8 banks are 1875 words of 1024: two parts at least.
        lines = self.assay("plan", "--width", 5000, "--height", 9).stdout.splitlines()
        parts = [line.split() for line in lines if line.startswith("    in ")]
        self.assertEqual(len(parts), 3)
        for words in parts:
            count, columns = int(words[1]), int(words[6])
            self.assertGreater(count, 1)
            self.assertLess(columns, 5000)
            self.assertEqual(count, -(-5000 // columns))

    def test_a_cut_layer_has_registers_for_every_part(self):
        text = self.assay("plan", "--width", 5000, "--height", 9, "--registers").stdout
        count = int(text.split("    in ")[1].split()[0])
        for part in range(count):
            self.assertIn("conv1 part %d, from row 0, column " % part, text)

    def test_a_layer_that_does_not_fit(self):
        bundle = self.copy_bundle()
        # 2 is a legal max_kernel of an engine, and too small for a 3x3 kernel however it is cut.
        engine = (command.SOURCE / "config" / "engines" / "8x8.yaml").read_text()
        (self.folder / "small.yaml").write_text(engine.replace("max_kernel: 7", "max_kernel: 2"))
        lines = (bundle / "network.yaml").read_text().splitlines()
        line = next(i for i, text in enumerate(lines, 1) if "conv1" in text)
        self.assertRegex(
            self.refused("plan", "bundle", "--engine", "small.yaml"),
            r"^bundle/network.yaml:%d:\d+: layer conv1 does not fit engine small: the kernel height "
            r"is 3, expected at most 2 as engine small takes\n$" % line)

    def test_a_suite_layer_that_does_not_fit(self):
        # One output reads 3 * 3 * 8000 values: 1125 words of each of 8 banks.
        suite = """format: 1
name: large
source: this test
layers:
  - {name: small, type: Conv2d, in_size: [8, 8], in_channels: 8, out_channels: 8, kernel_size: [3, 3]}
  - {name: deep, type: Conv2d, in_size: [8, 8], in_channels: 8000, out_channels: 8, kernel_size: [3, 3]}
"""
        (self.folder / "large.yaml").write_text(suite)
        self.assertRegex(self.refused("plan", "--suite", "./large.yaml"),
                         r"^./large.yaml:6:\d+: layer deep does not fit engine 8x8: .* needs 1125 "
                         r"words of each activation bank, expected at most 1024 as engine 8x8 has, "
                         r"even for one output; sums over input channels cannot be cut\n$")


if __name__ == "__main__":
    unittest.main()
