"""assay signoff, cosim and replay: verdicts, report files, waivers, repetition."""

import base64
import html.parser
import json
import re
import unittest
import xml.etree.ElementTree

import command

SHORT = ("--stalls", "0,60", "--states", "1")
VOID = {"meta", "br", "img", "link", "hr", "input"}


class Page(html.parser.HTMLParser):
    """Checks that elements nest, and collects what a page would load and its text."""

    def __init__(self):
        super().__init__()
        self.open, self.sources, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.sources += [value for name, value in attrs if name in ("src", "href", "xlink:href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.sources += [value for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open, self.getpos())
        self.open.pop()

    def handle_data(self, data):
        self.text.append(data)


def small_image(test):
    """A 12 x 10 picture, so that the simulations are short."""
    values = [float((37 * i) % 2400 - 200) for i in range(120)]
    command.write_npy(test.folder / "image.npy", (10, 12), values)
    return "image.npy"


class Signoff(command.CommandTest):

    def signoff(self, *arguments, code=0):
        image = small_image(self)
        result = self.assay("signoff", "--image", image, *SHORT, *arguments, code=code)
        return result.stdout.splitlines()

    def report(self, folder="out/signoff"):
        return json.loads((self.folder / folder / "report.json").read_text())

    def test_passes(self):
        lines = self.signoff()
        self.assertTrue(lines[-1].startswith("PASS  unet_simplified  contract qnnpack"), lines)
        report = self.report()
        self.assertTrue(report["pass"])
        counts = {"conv1": 8 * 120, "conv2": 8 * 120, "conv3": 120}
        for layer in report["layers"]:
            self.assertEqual(len(layer["runs"]), 2)
            for run in layer["runs"]:
                for stage in ("acc_compared", "requant_compared", "output_compared"):
                    self.assertEqual(run[stage], counts[layer["name"]])
                self.assertEqual(run["mismatches"], 0)

    def test_planned_cycles_are_of_all_images(self):
        """One array of 64 multipliers: the plan cannot need fewer cycles than products / 64."""
        command.write_npy(self.folder / "three.npy", (3, 1, 10, 12), [float(i) for i in range(360)])
        self.assay("signoff", "--image", "three.npy", *SHORT)
        for layer in self.report()["layers"]:
            self.assertGreaterEqual(64 * layer["planned_cycles"], layer["macs"])
            for run in (run for run in layer["runs"] if run["stalls_percent"] == 0):
                # Images follow each other in the queue: early weights can only save cycles.
                self.assertLessEqual(run["cycles"], layer["planned_cycles"])

    def test_every_link_says_its_strength(self):
        self.signoff()
        strengths = {link["left"]: link["strength"] for link in self.report()["links"]}
        self.assertEqual(strengths["contract"], "proved")
        self.assertEqual(strengths["golden model"], "tested")

    def recorded_link(self, *arguments, code=0):
        self.signoff(*arguments, code=code)
        return self.report()["links"][0]

    def test_the_real_library_is_compared_where_it_was_recorded(self):
        for contract in ("qnnpack", "onednn_2", "fbgemm", "onednn_3_11"):
            with self.subTest(contract=contract):
                link = self.recorded_link("--contract", contract)
                self.assertEqual(link["strength"], "exhaustive")
                self.assertIn("17 of 17 channels", link["figure"])
                self.assertIn("PyTorch ", link["claim"])

    def test_a_contract_without_a_recording_is_open(self):
        self.assertEqual(self.recorded_link("--contract", "tvm_upward")["strength"], "open")

    def test_a_recording_of_other_scales_shows_nothing(self):
        bundle = self.copy_bundle()
        self.edit(bundle / "network.yaml", "scale: 0.4080895185470581", "scale: 0.4080895185470582")
        link = self.recorded_link("--network", bundle)
        self.assertEqual(link["strength"], "open")
        self.assertIn("16 of 17 channels", link["figure"])

    def test_a_recording_that_disagrees_breaks_the_chain(self):
        records = self.folder / "records"
        records.mkdir()
        name = "pytorch_2_13_0_qnnpack.json"
        lines = (command.SOURCE / "vectors/reference/records" / name).read_text().splitlines()
        first = next(i for i, line in enumerate(lines) if "unet_simplified conv2" in line) + 1
        head, rest = lines[first].split('"thresholds": [')
        threshold, tail = rest.split(",", 1)
        lines[first] = '%s"thresholds": [%d,%s' % (head, int(threshold) + 1, tail)
        (records / name).write_text("\n".join(lines))
        link = self.recorded_link("--records", "records", code=1)
        self.assertEqual(link["strength"], "broken")
        self.assertIn("first at conv2 channel 0, acc %s:" % threshold, link["claim"])

    def test_certificate_is_there_and_checked(self):
        self.signoff()
        self.assertIn("17 statements, 0 rejected", self.report()["links"][1]["method"])
        self.assay("certify", "--check", "out/signoff/certificate.json")

    def test_directed_inputs_are_part_of_it(self):
        self.signoff()
        self.assertRegex(self.report()["links"][3]["method"],
                         "8,036 reached, 8,036 hit, 0 proved unreachable, 0 unknown")

    def test_page_is_whole_and_offline(self):
        self.signoff()
        page = Page()
        page.feed((self.folder / "out/signoff/report.html").read_text())
        page.close()
        self.assertEqual(page.open, [])
        self.assertEqual([s for s in page.sources if not s.startswith("data:image/bmp;base64,")], [])
        text = "".join(page.text)
        for word in ("Chain of evidence", "unet_simplified", "qnnpack", "conv2", "proved"):
            self.assertIn(word, text)
        self.assertNotIn("http", "".join(page.sources))

    def test_certificate_link_by_layer_and_closest_thresholds(self):
        """The two channels without an exact affine miss their contract at 5287 and 119333."""
        self.signoff("-o", "out")
        text = (self.folder / "out" / "report.html").read_text()
        rows = re.findall(r'<tr><td class="first">(conv\d)</td><td class="n">(\d) of (\d)</td>'
                          r'<td class="n">(\d) of (\d)</td><td class="n">(\d+)</td>', text)
        self.assertEqual([row[:5] for row in rows],
                         [("conv1", "8", "8", "7", "8"), ("conv2", "8", "8", "7", "8"),
                          ("conv3", "1", "1", "1", "1")])
        self.assertTrue(all(int(row[5]) <= 23 for row in rows), rows)
        captions = re.findall(r"<figcaption>(conv\d), channel (\d): .* steps at (\d+)\. (\w+) by",
                              text)
        self.assertEqual(captions[:2], [("conv1", "4", "5287", "Missed"),
                                        ("conv2", "3", "119333", "Missed")])
        self.assertEqual(captions[2][3], "Kept")

    def test_pictures_are_bitmaps(self):
        self.signoff()
        text = (self.folder / "out/signoff/report.html").read_text()
        pictures = re.findall(r'data:image/bmp;base64,([A-Za-z0-9+/=]+)"', text)
        self.assertEqual(len(pictures), 2 + 8 + 8)
        data = base64.b64decode(pictures[0], validate=True)
        self.assertEqual(data[:2], b"BM")
        self.assertEqual(int.from_bytes(data[2:6], "little"), len(data))
        self.assertEqual(int.from_bytes(data[18:22], "little"), 12)
        self.assertEqual(int.from_bytes(data[22:26], "little"), 10)

    def test_junit_counts_its_cases(self):
        self.signoff()
        suite = xml.etree.ElementTree.parse(self.folder / "out/signoff/junit.xml").getroot()
        cases = suite.findall("testcase")
        self.assertEqual(int(suite.get("tests")), len(cases))
        self.assertEqual(suite.get("failures"), "0")
        self.assertEqual(len([c for c in cases if c.get("classname") == "cosim"]), 6)

    def test_same_command_same_bytes(self):
        self.signoff("-o", "first")
        self.signoff("-o", "second")
        for name in ("report.html", "report.json", "junit.xml"):
            self.assertEqual((self.folder / "first" / name).read_bytes(),
                             (self.folder / "second" / name).read_bytes(), name)

    def test_the_reported_command_repeats_the_run(self):
        self.signoff()
        first = (self.folder / "out/signoff/report.json").read_bytes()
        words = self.report()["command"].split()
        self.assay(*words[1:], "-o", "again")
        self.assertEqual((self.folder / "again/report.json").read_bytes(), first)

    def test_quiet_prints_one_line(self):
        self.assertEqual(len(self.signoff("--quiet")), 1)

    def test_a_difference_is_not_hidden_by_the_image(self):
        lines = self.signoff("--requantizer", "direct", code=1)
        self.assertTrue(lines[-1].startswith("DIFFERS  unet_simplified"), lines)
        self.assertTrue(any("reachable accumulators differ, first at" in line for line in lines))
        report = self.report()
        self.assertFalse(report["pass"])
        self.assertEqual(sum(run["mismatches"] for layer in report["layers"]
                             for run in layer["runs"]), 0)
        suite = xml.etree.ElementTree.parse(self.folder / "out/signoff/junit.xml").getroot()
        self.assertEqual(suite.get("failures"), "1")

    def differing(self):
        """Differing accumulators of every layer with affine parameters derived directly."""
        self.signoff("--requantizer", "direct", "-o", "direct", code=1)
        return {layer["name"]: sum(channel["differing"] for channel in layer["channels"])
                for layer in self.report("direct")["layers"]}

    def waive(self, counts):
        """A copy of the bundle that waives these counts."""
        bundle = self.copy_bundle()
        entries = ["- layer: %s\n  contract: qnnpack\n  count: %d\n"
                   "  reason: the <board> has no wider multiplier\n" % item
                   for item in counts.items()]
        (bundle / "waivers.yaml").write_text("".join(entries))
        return bundle

    def test_exact_waivers_pass(self):
        counts = {layer: count for layer, count in self.differing().items() if count > 0}
        bundle = self.waive(counts)
        lines = self.signoff("--requantizer", "direct", "--network", bundle)
        self.assertTrue(lines[-1].startswith("PASS (waived: %d)" % sum(counts.values())), lines)
        page = (self.folder / "out/signoff/report.html").read_text()
        self.assertIn("the &lt;board&gt; has no wider multiplier", page)

    def test_a_waiver_of_another_count_does_not_pass(self):
        counts = {layer: count for layer, count in self.differing().items() if count > 0}
        counts[max(counts)] += 1
        lines = self.signoff("--requantizer", "direct", "--network", self.waive(counts), code=1)
        self.assertTrue(lines[-1].startswith("DIFFERS"), lines)


class Replay(command.CommandTest):

    def test_repeats_one_run_of_the_matrix(self):
        image = small_image(self)
        whole = self.assay("cosim", "--image", image, "--seed", "7", "--stalls", "0,50", "--states",
                           "2").stdout.splitlines()
        one = self.assay("replay", "--image", image, "--seed", "7", "--stalls", "50", "--state",
                         "2").stdout.splitlines()
        lines = [line for line in whole if "stalls 50 %  state 2" in line]
        self.assertEqual(len(lines), 3)
        self.assertEqual(one[:3], lines)
        self.assertTrue(one[-1].startswith("PASS  unet_simplified"))

    def test_directed_inputs_hit_every_threshold(self):
        lines = self.assay("cosim", "--directed", "--stalls", "20", "--states", "1").stdout.splitlines()
        self.assertTrue(lines[-1].startswith("PASS"), lines[-1])
        words = lines[-2].replace(",", "").split()
        self.assertEqual(words[:2], ["directed", "inputs:"])
        self.assertEqual(words[2], words[4])
        self.assertGreater(int(words[2]), 8000)

    def test_engine_with_packed_multipliers_and_few_lanes(self):
        for requantizer in ("affine", "threshold"):
            lines = self.assay("cosim", "--engine", "4x4_small", "--requantizer", requantizer,
                               "--image", small_image(self), "--stalls", "0,50", "--states",
                               "2").stdout.splitlines()
            self.assertTrue(lines[-1].startswith("PASS  unet_simplified"), lines[-1])
            self.assertIn("engine 4x4_small", lines[-1])

    def test_waveform(self):
        self.assay("replay", "--image", small_image(self), "--fst", "wave.fst")
        self.assertGreater((self.folder / "wave.fst").stat().st_size, 1000)

    def test_seed_changes_the_stalls(self):
        image = small_image(self)
        cycles = set()
        for seed in (1, 2):
            lines = self.assay("replay", "--image", image, "--seed", seed, "--stalls", "50").stdout
            cycles.add(lines.splitlines()[0].split("cycles")[1])
        self.assertEqual(len(cycles), 2)


if __name__ == "__main__":
    unittest.main()
