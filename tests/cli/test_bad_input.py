"""Bad input: one line that names the place, exit 2, nothing written. For every verb that reads it."""

import unittest

import command

VERBS = [verb for verb in ("run", "lower", "signoff", "cosim") if verb in command.verbs()]


class BadBundle(command.CommandTest):

    def refuse_bundle(self, bundle, *expected):
        for verb in VERBS:
            with self.subTest(verb=verb):
                line = self.refused(verb, "--network", bundle)
                for text in expected:
                    self.assertIn(text, line)

    def test_wrong_shape(self):
        bundle = self.copy_bundle()
        (bundle / "conv2.bias.npy").write_bytes((bundle / "conv1.weight.npy").read_bytes())
        self.refuse_bundle(bundle, "network.yaml:", "'conv2.bias.npy' is int8 [8, 1, 3, 3], expected")

    def test_channels_that_do_not_follow(self):
        bundle = self.copy_bundle()
        self.edit(bundle / "network.yaml", "in_channels: 8", "in_channels: 4")
        self.refuse_bundle(bundle, "network.yaml:")

    def test_missing_tensor(self):
        bundle = self.copy_bundle()
        (bundle / "conv2.weight.npy").unlink()
        self.refuse_bundle(bundle, "conv2.weight.npy")

    def test_missing_bundle(self):
        self.refuse_bundle("nowhere/", "nowhere/")

    def test_unknown_name(self):
        self.refuse_bundle("resnet", 'no "resnet" here')

    def test_unknown_key(self):
        bundle = self.copy_bundle()
        self.edit(bundle / "network.yaml", "    groups: 1", "    group: 1")
        self.refuse_bundle(bundle, "network.yaml:", "group")

    def test_scale_of_zero(self):
        bundle = self.copy_bundle()
        self.edit(bundle / "network.yaml", "scale: 0.13664968311786652", "scale: 0")
        self.refuse_bundle(bundle, "network.yaml:")

    def test_scale_not_a_number(self):
        bundle = self.copy_bundle()
        self.edit(bundle / "network.yaml", "scale: 0.13664968311786652", "scale: .nan")
        self.refuse_bundle(bundle, "network.yaml:")

    def test_weight_scale_of_zero_and_nan(self):
        for value in (0.0, float("nan"), float("inf"), -1.0):
            with self.subTest(value=value):
                bundle = self.folder / ("bundle %s" % value)
                self.copy_bundle().rename(bundle)
                command.write_npy(bundle / "conv3.weight_scale.npy", (1,), [value], "<f8", "d")
                self.refuse_bundle(bundle, "network.yaml:", "'conv3.weight_scale.npy'", "expected a finite")

    def test_truncated_tensor(self):
        bundle = self.copy_bundle()
        path = bundle / "conv2.weight.npy"
        path.write_bytes(path.read_bytes()[:-7])
        self.refuse_bundle(bundle, "conv2.weight.npy:")

    def test_not_yaml(self):
        bundle = self.copy_bundle()
        (bundle / "network.yaml").write_text("layers: [\n")
        self.refuse_bundle(bundle, "network.yaml:")


class BadImage(command.CommandTest):

    def refuse_image(self, image, *expected):
        for verb in (verb for verb in VERBS if verb != "lower"):
            with self.subTest(verb=verb):
                line = self.refused(verb, "--image", image)
                for text in expected:
                    self.assertIn(text, line)

    def test_missing(self):
        self.refuse_image("nowhere.npy", "nowhere.npy")

    def test_truncated(self):
        image = self.folder / "image.npy"
        command.write_npy(image, (8, 8), [0.0] * 64)
        image.write_bytes(image.read_bytes()[:-1])
        self.refuse_image(image, "image.npy:")

    def test_not_a_number(self):
        image = self.folder / "image.npy"
        command.write_npy(image, (8, 8), [0.0] * 63 + [float("nan")])
        self.refuse_image(image, "image.npy:")

    def test_wrong_channels(self):
        image = self.folder / "image.npy"
        command.write_npy(image, (3, 8, 8), [0.0] * 192)
        self.refuse_image(image, "3 channels, expected 1")

    @unittest.skipUnless("signoff" in command.verbs(), "this build has no engine")
    def test_too_large_for_the_engine(self):
        image = self.folder / "image.npy"
        command.write_npy(image, (8, 8), [0.0] * 64)
        engine = (command.SOURCE / "config" / "engines" / "8x8.yaml").read_text()
        (self.folder / "small.yaml").write_text(engine.replace("max_kernel: 7", "max_kernel: 2"))
        for verb in ("signoff", "cosim"):
            line = self.refused(verb, "--image", image, "--engine", "./small.yaml")
            self.assertRegex(line, r"/network.yaml:\d+:\d+: layer conv1 does not fit engine small: "
                                   r"the kernel height is 3, expected at most 2")


class BadOutput(command.CommandTest):

    def test_a_folder_of_somebody_else_is_not_replaced(self):
        (self.folder / "mine").mkdir()
        (self.folder / "mine" / "thesis.txt").write_text("years of work")
        for verb in (verb for verb in VERBS if verb in ("run", "signoff")):
            with self.subTest(verb=verb):
                result = self.assay(verb, "-o", "mine", code=2)
                self.assertIn("mine: is there and is not an earlier output", result.stderr)
                self.assertEqual(self.files(), ["mine", "mine/thesis.txt"])

    def test_unwritable_place(self):
        (self.folder / "file").write_text("")
        result = self.assay("run", "-o", "file/below", code=3)
        self.assertEqual(result.stderr.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()
