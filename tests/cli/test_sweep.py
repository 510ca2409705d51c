"""assay sweep: a user's own modules are identified, a near miss is refused, bad modules are named."""

import pathlib
import unittest

import command

MODULES = pathlib.Path(__file__).resolve().parent / "user_requant.sv"
VALUES = ("--multiplier", "12345", "--addend", "777777", "--shift", "20")
VALID = ("--clock", "clk", "--reset", "rst_n", "--reset-low", "--in-valid", "vi", "--out-valid",
         "vo", "--acc", "sum", "--y", "q")


class Sweep(command.CommandTest):

    def sweep(self, top, *arguments, code=0):
        return self.assay("sweep", MODULES, "--top", top, *arguments, code=code).stdout

    def test_combinational_module_is_identified(self):
        text = self.sweep("user_requant", "--set", "mult=12345", *VALUES, "--range=-3000,25000",
                          "--contract", "affine")
        self.assertRegex(text, r"\n +affine +EQUAL on every accumulator of \[-3,000, 25,000\]")
        self.assertRegex(text, r"\n +affine_half_even +differs on")
        self.assertIn("PASS  user_requant  28,001 accumulators", text)
        self.assertEqual(self.files(), [])

    def test_pipeline_with_valid_bits(self):
        text = self.sweep("user_requant_valid", *VALID, "--parameters", "Mult=12345", *VALUES,
                          "--range=-3000,25000", "--contract", "affine")
        self.assertRegex(text, r"\n +affine +EQUAL on every accumulator of \[-3,000, 25,000\]")

    def test_one_wrong_accumulator_is_found(self):
        text = self.sweep("user_requant_valid", *VALID, "--parameters", "Mult=12345,Wrong=20000",
                          *VALUES, "--range=-3000,25000", "--contract", "affine", code=1)
        # (20000 * 12345 + 777777) >> 20 = 236
        self.assertRegex(text, r"\n +affine +differs on 1 of 28,001, the first 20000: module 235, "
                         r"contract 236\n")
        self.assertIn("affine not among them", text)

    def test_fixed_latency_and_probed_accumulators(self):
        signed = ("--dtype", "qint8", "--multiplier", "1", "--shift", "8", "--range=-50000,50000")
        text = self.sweep("user_requant_signed", "--clock", "clk", "--latency", "1", "--probe",
                          "64", *signed)
        self.assertRegex(text, r"\n +affine +consistent with 64 accumulators")
        self.assertNotIn("EQUAL", text)


class BadModule(command.CommandTest):

    def refused_sweep(self, *arguments):
        return self.refused("sweep", *arguments, *VALUES, "--range=-1000,1000")

    def test_ports(self):
        line = self.refused_sweep(MODULES, "--top", "user_requant")
        self.assertIn('nothing drives input port "mult"', line)
        line = self.refused_sweep(MODULES, "--top", "user_requant", "--acc", "sum")
        self.assertIn('has no input port "sum", expected one of: ', line)
        line = self.refused("sweep", MODULES, "--top", "user_requant_signed", "--clock", "clk",
                            "--latency", "1", *VALUES, "--range=-1000000,1000000")
        self.assertIn('port "acc" has 20 bits, expected 21', line)

    def test_a_module_that_verilator_refuses(self):
        (self.folder / "bad.sv").write_text("module bad(input logic a;\nendmodule\n")
        self.assertIn("bad.sv:1:", self.refused_sweep("bad.sv", "--top", "bad"))
        self.assertIn("nowhere.sv:1:1:", self.refused_sweep("nowhere.sv", "--top", "bad"))

    def test_command_line(self):
        self.assertIn("--top is missing", self.refused_sweep(MODULES))
        self.assertIn("--clock is missing", self.refused_sweep(MODULES, "--top", "t", "--latency",
                                                               "2"))
        self.assertIn("--clock needs --latency", self.refused_sweep(MODULES, "--top", "t",
                                                                    "--clock", "clk"))
        self.assertIn("or neither", self.refused_sweep(MODULES, "--top", "t", "--in-valid", "v"))
        self.assertIn("--set: expected", self.refused_sweep(MODULES, "--top", "user_requant",
                                                            "--set", "mult"))
        self.assertIn("--contract: qnnpack takes no such parameters",
                      self.refused_sweep(MODULES, "--top", "t", "--contract", "qnnpack"))


if __name__ == "__main__":
    unittest.main()
