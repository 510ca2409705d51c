#!/usr/bin/env python3
"""The scripts that made the committed bundle and image make the same bytes again."""
import filecmp
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUNDLE = os.path.join(ROOT, "config", "networks", "unet_simplified")
sys.path.insert(0, os.path.join(ROOT, "vectors"))

import reconstruct_unet  # noqa: E402


def run(script, *arguments):
    subprocess.run([sys.executable, os.path.join(ROOT, "vectors", script), *arguments], check=True,
                   stdout=subprocess.DEVNULL)


class Reconstruction(unittest.TestCase):
    def test_bundle_is_regenerated(self):
        with tempfile.TemporaryDirectory() as folder:
            run("reconstruct_unet.py", os.path.join(BUNDLE, "printed.txt"), folder)
            made = sorted(os.listdir(folder))
            self.assertEqual(len(made), 9)
            self.assertEqual(filecmp.cmpfiles(BUNDLE, folder, made, shallow=False), (made, [], []))

    def test_image_is_regenerated(self):
        with tempfile.TemporaryDirectory() as folder:
            image = os.path.join(folder, "image.npy")
            run("make_image.py", "64", "64", image)
            self.assertTrue(filecmp.cmp(os.path.join(BUNDLE, "image_64x64.npy"), image, False))

    def test_ambiguous_weights_are_refused(self):
        # One weight 0.0100 and a scale of at most 0.0001: q may be 100 to 127, without a gap.
        fraction = reconstruct_unet.Fraction
        with self.assertRaises(SystemExit) as refused:
            reconstruct_unet.fit_channel([fraction("0.0100")], fraction("0.00005"))
        self.assertIn("integers are not unique", str(refused.exception))

    def test_contradicting_weights_are_refused(self):
        fraction = reconstruct_unet.Fraction
        weights = [fraction("0.1000"), fraction("0.1500")]  # no scale of 0.08 .. 0.0801 gives both
        with self.assertRaises(SystemExit) as refused:
            reconstruct_unet.fit_channel(weights, fraction("0.08"))
        self.assertIn("no scale fits", str(refused.exception))


if __name__ == "__main__":
    unittest.main()
