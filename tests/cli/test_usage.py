"""Help, versions, wrong command lines and exit codes of every verb."""

import unittest

import command


class Usage(command.CommandTest):

    def test_help_lists_verbs(self):
        text = self.assay("--help").stdout
        for verb in command.verbs():
            self.assertIn("\n  %s " % verb, text)
        self.assertIn("exit codes: 0 pass, 1 mismatch, 2 usage", text)

    def test_no_verb_is_a_usage_error(self):
        result = self.assay(code=2)
        self.assertEqual(result.stdout, "")
        self.assertIn("usage: assay VERB", result.stderr)

    def test_unknown_verb(self):
        self.assertIn('unknown verb "sign"', self.refused("sign"))

    def test_help_of_every_verb_teaches(self):
        for verb in command.verbs():
            with self.subTest(verb=verb):
                result = self.assay(verb, "--help")
                self.assertEqual(result.stderr, "")
                self.assertIn("usage: assay %s" % verb, result.stdout)
                self.assertIn("examples:\n  assay %s" % verb, result.stdout)
                self.assertIn("exit codes:", result.stdout)

    def test_help_shows_defaults(self):
        text = self.assay("run", "--help").stdout
        self.assertIn("default: unet_simplified", text)
        self.assertIn("default: the bundle's", text)

    def test_unknown_option(self):
        for verb in command.verbs():
            with self.subTest(verb=verb):
                self.assertIn("unknown option --nonsense", self.refused(verb, "--nonsense"))

    def test_missing_value(self):
        self.assertIn("--network needs a value: DIR", self.refused("run", "--network"))

    def test_numbers_are_read_whole(self):
        for text in ("12x", "", "1e3", "99999999999", "-2147483649"):
            with self.subTest(text=text):
                self.assertIn("expected an integer from -2147483648 to 2147483647",
                              self.refused("explain", "qnnpack", "--acc", text))

    def test_forms_of_an_option(self):
        expected = self.assay("explain", "qnnpack", "--acc", "-5").stdout
        self.assertEqual(self.assay("explain", "--acc=-5", "qnnpack").stdout, expected)
        self.assertEqual(self.assay("explain", "--acc=-5", "--", "qnnpack").stdout, expected)
        self.assertEqual(self.assay("explain", "--acc", "-0x5", "qnnpack").stdout, expected)

    def test_operands(self):
        self.assertIn("too few operands", self.refused("explain"))
        self.assertIn("too many operands", self.refused("contracts", "qnnpack", "fbgemm"))

    def test_choice(self):
        self.assertIn("expected one of auto, affine, threshold, direct",
                      self.refused("lower", "--requantizer", "best"))


class Contracts(command.CommandTest):

    def test_listing_names_contracts_and_engines(self):
        text = self.assay("contracts").stdout
        for name in ("qnnpack", "onednn_2", "onednn_3", "onednn_3_11", "fbgemm"):
            self.assertIn("\n%s\n" % name, "\n" + text)
        self.assertIn("PyTorch 1.13.1", text)

    def test_every_listed_contract_has_a_page(self):
        names = [line for line in self.assay("contracts").stdout.splitlines() if line[0] != " "]
        self.assertGreater(len(names), 5)
        for name in names:
            with self.subTest(name=name):
                self.assertIn("source: ", self.assay("contracts", name).stdout)

    def test_unknown_contract(self):
        self.assertIn('no contract "qnnpak"', self.refused("contracts", "qnnpak"))
        self.assertIn('unknown contract "qnnpak"', self.refused("run", "--contract", "qnnpak"))

    def test_explain_shows_a_tie_by_hand(self):
        # 0.5 * 0.5 / 0.5 = 0.5 exactly; 7 * 0.5 = 3.5, half_even gives 4.
        text = self.assay("explain", "qnnpack", "--acc", "7", "--x-scale", "0.5", "--w-scale",
                          "0.5", "--y-scale", "0.5", "--bias", "0", "--y-zp", "0").stdout
        self.assertEqual(text.splitlines()[-1].split()[:3], ["y", "=", "4"])


if __name__ == "__main__":
    unittest.main()
