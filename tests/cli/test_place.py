"""assay synth with the real placer: the least engine fits its FPGA, with a frequency to speak of."""

import json
import unittest

import command


class Place(command.CommandTest):

    def test_the_least_engine_on_an_hx8k(self):
        result = self.assay("synth", "--engine", "2x2", "--family", "hx8k", "-o", "out",
                            timeout=3000)
        report = json.loads((self.folder / "out" / "synth.json").read_text())
        row = report["engines"][0]
        print("%d of %d cells, %.1f MHz" % (row["logic_cells"], row["logic_cells_of_device"],
                                            row["fmax_mhz"]))
        self.assertEqual(row["logic_cells_of_device"], 7680)  # of the data sheet
        self.assertLessEqual(row["logic_cells"], 7680)
        # A cell holds one table and one flip-flop; the longest path is some twenty cells.
        self.assertGreaterEqual(row["logic_cells"], max(row["lut"], row["ff"]))
        self.assertGreater(row["fmax_mhz"], 40)
        self.assertIn("%.1f MHz" % row["fmax_mhz"], result.stdout)


if __name__ == "__main__":
    unittest.main()
