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

    def test_a_layer_that_does_not_fit(self):
        self.assertIn("layer conv1 does not fit engine 8x8: an image 5000 pixels wide needs 1875 "
                      "words of each activation bank; engine 8x8 has 1024",
                      self.refused("plan", "--width", 5000))


if __name__ == "__main__":
    unittest.main()
