"""assay certify: the shipped network against figures of an independent model, tables, mutations."""

import json
import re
import unittest

import arithmetic
import command


class Certify(command.CommandTest):

    def test_lowered_network_is_proved_equal(self):
        text = self.assay("certify").stdout
        self.assertEqual(text.count("PROVED EQUAL"), 17)
        self.assertIn("PASS  unet_simplified  qnnpack = lowered  17 of 17 channels proved equal",
                      text)

    def test_exact_affine_channels_of_four_contracts(self):
        for contract, exact in (("qnnpack", 15), ("fbgemm", 15), ("onednn_2", 16),
                                ("onednn_3_11", 15)):
            with self.subTest(contract=contract):
                text = self.assay("certify", "--requantizer", "affine", "--contract", contract,
                                  code=1).stdout
                self.assertIn("%d of 17 channels proved equal" % exact, text)
                self.assertEqual(text.count("PROVED EQUAL"), exact)

    def test_a_contract_against_itself_and_another(self):
        self.assay("certify", "--with", "qnnpack")
        self.assertIn("DIFFERS", self.assay("certify", "--with", "onednn_2", code=1).stdout)

    def affine_of(self, layer, oc):
        """(M, B, S) of one channel as 'assay lower' prints them."""
        listing = self.assay("lower", "--requantizer", "affine", code=1).stdout
        block = listing[listing.index("%s: takes" % layer):]
        found = re.search(r"^ +%d .* M (\d+) .*B (-?\d+)  S (\d+)" % oc, block, re.M)
        return tuple(int(n) for n in found.groups())

    def test_differences_by_an_independent_visit(self):
        """Channel 4 of conv1, every accumulator, by formulas written here."""
        multiplier, addend, shift = self.affine_of("conv1", 4)
        qnnpack = arithmetic.Qnnpack(4)
        differing = []
        for acc in range(-52457, 73769):
            a = qnnpack(acc)
            b = min(max((acc * multiplier + addend) >> shift, qnnpack.least), 255)
            if a != b:
                differing.append((acc, a, b))
        listing = self.assay("certify", "--requantizer", "affine", code=1).stdout
        stated = re.findall(r"acc (-?\d+)  qnnpack (\d+)  affine (\d+)  reachable",
                            listing[:listing.index("conv2:")])
        self.assertEqual([tuple(int(n) for n in row) for row in stated], differing)
        self.assertEqual(len(differing), 2)

    def test_witness_gives_the_accumulator(self):
        text = self.assay("certify", "--requantizer", "affine", "--witness", code=1).stdout
        acc, patch = re.search(r"witness of acc (-?\d+) at .*:((?: \d+)+)", text).groups()
        weights = command.read_npy(command.BUNDLE / "conv1.weight.npy")[1][4 * 9:5 * 9]
        x_zp = arithmetic.Qnnpack(4).x_zp
        inputs = [int(n) for n in patch.split()]
        self.assertEqual(sum((x - x_zp) * w for x, w in zip(inputs, weights)), int(acc))

    def test_options_that_exclude_each_other(self):
        self.assertIn("exclude each other", self.refused("certify", "--with", "qnnpack", "--params",
                                                         "t.yaml"))
        self.assertIn("--with: unknown contract", self.refused("certify", "--with", "qnnpak"))
        self.assertIn("--image goes with --qdq", self.refused("certify", "--image", "a.npy"))

    def test_a_contract_without_scales_is_refused(self):
        result = self.assay("certify", "--with", "affine", code=2)
        self.assertEqual(result.stderr.count("\n"), 1)
        self.assertIn("layer conv1 channel 0, qnnpack against affine", result.stderr)

    def test_qdq_counts_every_output(self):
        image = self.folder / "image.npy"
        command.write_npy(image, (8, 12), [((7 * i) % 32) / 8 - 2 for i in range(96)])
        text = self.assay("certify", "--qdq", "--image", image).stdout
        self.assertIn("1,632 of 1,632 outputs proved", text)
        rows = {line.split()[0]: line.replace(",", "").split()[1:] for line in text.splitlines()
                if line.startswith("conv")}
        self.assertEqual([rows[name][0] for name in ("conv1", "conv2", "conv3")],
                         ["9", "72", "72"])
        for name, outputs in (("conv1", 8 * 96), ("conv2", 8 * 96), ("conv3", 96)):
            numbers = [int(n) for n in rows[name][1:5]]
            self.assertEqual(numbers[0], outputs)
            self.assertEqual(sum(numbers[1:]), outputs)
            self.assertLessEqual(int(rows[name][-1]), numbers[1])

    def test_qdq_says_what_stays_open(self):
        text = self.assay("certify", "--qdq", code=1).stdout
        found = re.search(r"([\d,]+) of ([\d,]+) outputs proved, (\d+) open, (\d+) differ", text)
        proved, outputs, still_open, differ = [int(n.replace(",", "")) for n in found.groups()]
        self.assertEqual(proved + still_open + differ, outputs)
        self.assertGreater(still_open, 0)


class CertificateFile(command.CommandTest):

    def setUp(self):
        super().setUp()
        self.assay("certify", "--requantizer", "affine", "-o", "c.json", code=1)
        self.path = self.folder / "c.json"

    def test_the_checker_accepts_it_and_says_what_it_trusts(self):
        text = self.assay("certify", "--check", "c.json").stdout
        self.assertIn("accepted: 15 proved equal, 2 differ as stated on 3 accumulators", text)
        self.assertIn("trusted, not checked:", text)
        self.assertIn("PASS", text)
        self.assertEqual(self.files(), ["c.json"])

    def test_same_bytes_every_time(self):
        self.assay("certify", "--requantizer", "affine", "-o", "d.json", code=1)
        self.assertEqual(self.path.read_bytes(), (self.folder / "d.json").read_bytes())

    def mutate(self, change):
        document = json.loads(self.path.read_text())
        change(document["layers"])
        (self.folder / "m.json").write_text(json.dumps(document))
        text = self.assay("certify", "--check", "m.json", code=1).stdout
        self.assertIn("REJECTED", text)
        return text

    def test_mutations_are_rejected(self):
        def channel(layers, i, j):
            return layers[i]["channels"][j]

        def move(channel, key):
            values = channel[key].split()
            k = next(i for i, t in enumerate(values) if t not in "*-")
            values[k] = str(int(values[k]) + 1)
            channel[key] = " ".join(values)

        changes = {
            "threshold": lambda l: move(channel(l, 0, 1), "thresholds_a"),
            "claim": lambda l: channel(l, 0, 4).update(claim="equal"),
            "claim and count": lambda l: channel(l, 0, 4).update(claim="equal", count=0,
                                                                 differences=[]),
            "count": lambda l: channel(l, 0, 4).update(count=3),
            "difference": lambda l: channel(l, 0, 4)["differences"].pop(),
            "range": lambda l: channel(l, 1, 0)["range"].__setitem__(1, 315946),
            "narrow range": lambda l: channel(l, 1, 0)["range"].__setitem__(0, -100),
            "multiplier": lambda l: channel(l, 2, 0)["b"].update(
                multiplier=channel(l, 2, 0)["b"]["multiplier"] + 1),
            "shift": lambda l: channel(l, 2, 0)["b"].update(
                shift=channel(l, 2, 0)["b"]["shift"] + 1),
            "contract": lambda l: channel(l, 1, 3)["a"].update(name="onednn_2"),
            "scale": lambda l: channel(l, 1, 5)["a"].update(w_scale=0.5),
            "zero point": lambda l: channel(l, 1, 6)["a"].update(y_zp=1),
        }
        for name, change in changes.items():
            with self.subTest(change=name):
                self.mutate(change)

    def test_other_weights_are_refused(self):
        bundle = self.copy_bundle()
        data = bytearray((bundle / "conv2.weight.npy").read_bytes())
        data[-1] ^= 1
        (bundle / "conv2.weight.npy").write_bytes(data)
        line = self.refused("certify", bundle, "--check", "c.json")
        self.assertIn("c.json:", line)
        self.assertIn("other weights", line)

    def test_not_a_certificate(self):
        (self.folder / "n.json").write_text('{"format": 2}')
        self.assertIn("n.json:1:", self.refused("certify", "--check", "n.json"))
        self.assertIn("nowhere.json:1:1:", self.refused("certify", "--check", "nowhere.json"))

    def test_an_empty_certificate_does_not_pass(self):
        document = json.loads(self.path.read_text())
        document["layers"] = document["layers"][:1]
        document["layers"][0]["channels"] = []
        (self.folder / "m.json").write_text(json.dumps(document))
        self.assay("certify", "--check", "m.json", code=1)

    def test_no_file_where_it_cannot_be_written(self):
        self.assay("certify", "-o", "no/such/folder/c.json", code=3)


class OwnTable(command.CommandTest):

    def setUp(self):
        super().setUp()
        listing = self.assay("lower", "--requantizer", "affine", code=1).stdout
        rows = re.findall(r"^(\w+): takes|^ +\d+ .* M (\d+) .*B (-?\d+)  S (\d+)", listing, re.M)
        lines = ["format: 1", "layers:"]
        for name, multiplier, addend, shift in rows:
            if name:
                lines += ["  - name: %s" % name, "    channels:"]
            else:
                lines += ["      - {multiplier: %s, addend: %s, shift: %s}" %
                          (multiplier, addend, shift)]
        self.table = self.folder / "t.yaml"
        self.table.write_text("\n".join(lines) + "\n")

    def test_the_lowered_parameters_as_a_table(self):
        text = self.assay("certify", "--params", "t.yaml", "-o", "c.json", code=1).stdout
        self.assertIn("15 of 17 channels proved equal, 2 differ on 3 accumulators", text)
        self.assay("certify", "--check", "c.json")

    def test_a_shift_that_is_off_by_one_differs(self):
        self.edit(self.table, "shift: 2", "shift: 1")
        text = self.assay("certify", "--params", "t.yaml", code=1).stdout
        self.assertIn("14 of 17 channels proved equal", text)

    def bad(self, old, new, *expected):
        text = self.table.read_text()
        self.edit(self.table, old, new)
        line = self.refused("certify", "--params", "t.yaml")
        self.table.write_text(text)
        self.assertRegex(line, r"^t\.yaml:\d+:\d+: ")
        for part in expected:
            self.assertIn(part, line)

    def test_bad_tables_name_their_place(self):
        self.bad("multiplier", "multiplyer", "t.yaml:5:", "unknown key 'multiplyer'")
        self.bad("multiplier: ", "multiplier: -", "t.yaml:5:", "expected")
        self.bad("shift: ", "shift: 9", "t.yaml:5:")
        self.bad("name: conv2", "name: conv9", 'no convolution "conv9"')
        self.bad("name: conv2", "name: conv1", "appears twice")
        self.bad("    channels:", "    clamp: [9, 8]\n    channels:", "the clamp [9, 8] is empty")
        self.bad("    channels:", "    requantizer: qnnpack\n    channels:", "takes no integers")
        self.bad("format: 1", "format: 7", "t.yaml:1:9:")
        self.bad("      - {", "      - 7\n      - {", "expected")
        text = self.table.read_text()
        self.bad(text[text.index("  - name: conv3"):], "", "layer conv3 is missing")

    def test_a_contract_that_takes_integers(self):
        """tflite_double by its own multiplier against qnnpack: close, and the file is accepted."""
        text = self.table.read_text()
        start = text.index("  - name: conv3")
        self.table.write_text(text[:start] + "  - name: conv3\n    requantizer: tflite_double\n"
                              "    channels:\n"
                              "      - {multiplier: 1412310093, shift: 40, qbias: 5}\n")
        listing = self.assay("certify", "--params", "t.yaml", "-o", "c.json", code=1).stdout
        self.assertIn("conv3: qnnpack against tflite_double", listing)
        self.assay("certify", "--check", "c.json")


if __name__ == "__main__":
    unittest.main()
