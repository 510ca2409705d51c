"""assay synth: a small engine, its counts against the netlist and against a count by hand."""

import collections
import json
import os
import subprocess
import unittest

import command

SMALL = """pixels: 4
channels: 4
bank_depth: 1024
weight_depth: 512
param_blocks: 2
threshold_blocks: 1
max_kernel: 3
multiplier_bits: 16
addend_bits: 48
requantizers: [affine]
"""


def count_cells(modules, name):
    """Cells of a netlist below a module, by type: each module's cells, modules inside it opened."""
    total = collections.Counter()
    for cell in modules[name]["cells"].values():
        inner = modules.get(cell["type"])
        if inner is None or "blackbox" in inner.get("attributes", {}):
            total[cell["type"]] += 1
        else:
            total += count_cells(modules, cell["type"])
    return total


class Synth(command.CommandTest):

    def test_counts_of_a_small_engine(self):
        (self.folder / "small.yaml").write_text(SMALL)
        result = self.assay("synth", "--engine", "small.yaml", "--family", "ecp5", "--netlist",
                            "-o", "out")
        out = self.folder / "out"
        report = json.loads((out / "synth.json").read_text())
        row = report["engines"][0]
        self.assertEqual((row["engine"], row["family"], row["multipliers"]), ("small", "ecp5", 16))

        modules = json.loads((out / "small.ecp5.json").read_text())["modules"]
        cells = count_cells(modules, "assay_engine")
        self.assertEqual(row["cells"], dict(cells))
        self.assertEqual(row["ff"], cells["TRELLIS_FF"])
        self.assertEqual(row["lut"], cells["LUT4"] + 2 * cells["CCU2C"])
        self.assertEqual(row["bram"], cells["DP16KD"])
        # 16 products of bytes, one block each; 4 lanes multiply 32 by 17 bits, two blocks each.
        self.assertEqual(row["dsp"], 16 + 4 * 2)
        # 4 banks of 1024 words and the weights' 512 words, 32 bits wide each: a block holds 1024
        # words of 18 bits or 512 of 36.
        self.assertEqual(row["bram"], 4 * 2 + 1)

        line = next(line for line in result.stdout.splitlines() if line.startswith("small "))
        self.assertEqual([field.replace(",", "") for field in line.split()],
                         ["small", "ecp5", "16", str(row["lut"]), str(row["lut_ram"]),
                          str(row["ff"]), str(row["dsp"]), "%.1f" % row["bram"]])
        for peer in report["published"]:
            self.assertTrue(peer["source"].startswith("github.com/"), peer)
        # The script repeats the run, from the folder alone.
        self.assertIn("chparam -set BankDepth 1024 assay_engine",
                      (out / "small.ecp5.ys").read_text())

    def test_without_yosys(self):
        line = [command.ASSAY, "synth", "-o", "out"]
        result = subprocess.run(line, cwd=self.folder, capture_output=True, text=True,
                                env=dict(os.environ, PATH="/nowhere"), timeout=60)
        self.assertEqual(result.returncode, 3)
        self.assertEqual(result.stderr,
                         "assay synth: yosys does not run, expected Debian's package yosys\n")
        self.assertEqual(self.files(), [])

    def test_without_nextpnr(self):
        # Before anything is synthesized: yosys is one that only tells its version.
        tool = self.folder / "bin" / "yosys"
        tool.parent.mkdir()
        tool.write_text("#!/bin/sh\ncase $1 in -V) echo Yosys 0;; *) exit 1;; esac\n")
        tool.chmod(0o755)
        result = subprocess.run([command.ASSAY, "synth", "--family", "hx8k", "-o", "out"],
                                cwd=self.folder, capture_output=True, text=True, timeout=60,
                                env=dict(os.environ, PATH=str(tool.parent)))
        self.assertEqual(result.returncode, 3)
        self.assertEqual(result.stderr, "assay synth: nextpnr-ice40 does not run, expected Debian's"
                         " package nextpnr-ice40\n")
        self.assertFalse((self.folder / "out").exists())

    def placed(self, log, code):
        """A run with tools that give a fixed netlist and the log of a placer."""
        folder = self.folder / "bin"
        folder.mkdir(exist_ok=True)
        (self.folder / "pnr.log").write_text(log)
        tools = {"yosys": "case $1 in -V) echo Yosys 0;; *) for f in *.ys; do\n"
                          "printf '   Number of cells: 1\\n     SB_LUT4  7\\n' > ${f%.ys}.stat;"
                          " done;; esac\n",
                 "nextpnr-ice40": "case $1 in --version) echo nextpnr 0;; *) echo \"$@\" >&2;"
                                  " cat " + str(self.folder / "pnr.log") + "; exit %d;; esac\n" % code}
        for name, text in tools.items():
            (folder / name).write_text("#!/bin/sh\n" + text)
            (folder / name).chmod(0o755)
        return subprocess.run([command.ASSAY, "synth", "--engine", "2x2", "--family", "hx8k",
                               "--seed", "3", "-o", "out"], cwd=self.folder, capture_output=True,
                              text=True, timeout=60,
                              env=dict(os.environ, PATH="%s:/bin:/usr/bin" % folder))

    def test_frequency_is_the_one_after_routing(self):
        result = self.placed("Info: \t         ICESTORM_LC:  7629/ 7680    99%\n"
                             "Info: Max frequency for clock 'c': 49.13 MHz (FAIL at 100.00 MHz)\n"
                             "Info: Max frequency for clock 'c': 48.74 MHz (FAIL at 100.00 MHz)\n", 0)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"nextpnr 0, seed 3\n")
        self.assertRegex(result.stdout,
                         r"(?m)^2x2 +iCE40 HX8K, package CT256 +7,629 of 7,680 +48\.7 MHz$")
        report = json.loads((self.folder / "out" / "synth.json").read_text())
        self.assertEqual(report["engines"][0]["fmax_mhz"], 48.74)
        self.assertEqual(report["seed"], 3)
        self.assertIn("--hx8k --package ct256 --json 2x2.hx8k.json --seed 3",
                      (self.folder / "out" / "2x2.hx8k.pnr").read_text())
        self.assertIn("-top assay_pins", (self.folder / "out" / "2x2.hx8k.ys").read_text())

    def test_what_does_not_fit_is_a_result_and_a_failure_is_none(self):
        result = self.placed("Info: \t         ICESTORM_LC: 30000/ 7680   390%\n"
                             "ERROR: Unable to place cell\n", 1)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"30,000 of 7,680 +does not fit")
        result = self.placed("Info: \t         ICESTORM_LC:  7000/ 7680    91%\n"
                             "ERROR: Routing failed\n", 1)
        self.assertEqual(result.returncode, 3)
        self.assertIn("2x2.hx8k: nextpnr-ice40: ERROR: Routing failed", result.stderr)

    def test_bad_lists(self):
        self.assertIn('unknown family "stratix", expected some of xcup, ecp5, ice40, hx8k',
                      self.refused("synth", "--family", "ecp5,stratix"))
        self.assertIn("8x8 appears twice", self.refused("synth", "--engine", "8x8,8x8"))
        self.assertIn('no "9x9" here', self.refused("synth", "--engine", "9x9"))
        self.assertIn("expected names separated by commas", self.refused("synth", "--engine", ","))

    def test_yosys_complains(self):
        # A tool that fails: exit 3, its message, no folder.
        tool = self.folder / "bin" / "yosys"
        tool.parent.mkdir()
        tool.write_text("#!/bin/sh\ncase $1 in -V) echo Yosys 0;; *) echo ERROR: no luck; exit 1;;"
                        " esac\n")
        tool.chmod(0o755)
        result = subprocess.run([command.ASSAY, "synth", "--family", "ecp5"], cwd=self.folder,
                                capture_output=True, text=True, timeout=60,
                                env=dict(os.environ, PATH="%s:/bin:/usr/bin" % tool.parent))
        self.assertEqual(result.returncode, 3)
        self.assertIn("8x8 on ecp5: Yosys: ERROR: no luck", result.stderr)
        self.assertFalse((self.folder / "out" / "synth").exists())


if __name__ == "__main__":
    unittest.main()
