"""assay run and assay lower: what they write and print."""

import struct
import unittest

import command


class Run(command.CommandTest):

    def test_writes_tensors_channels_first(self):
        self.assay("run", "-o", "out")
        self.assertEqual(command.read_npy(self.folder / "out" / "conv2.acc.npy")[0], (1, 8, 64, 64))
        self.assertEqual(command.read_npy(self.folder / "out" / "conv2.y.npy")[0], (1, 8, 64, 64))
        self.assertEqual(command.read_npy(self.folder / "out" / "output.npy")[0], (1, 1, 64, 64))

    def test_output_is_the_last_layer_dequantized(self):
        # DeQuantize: float32(scale) * (q - zero_point), with conv3's scale and zero point 111.
        self.assay("run", "-o", "out")
        integers = command.read_npy(self.folder / "out" / "conv3.y.npy")[1]
        floats = command.read_npy(self.folder / "out" / "output.npy")[1]
        scale = struct.unpack("<f", struct.pack("<f", 0.4080895185470581))[0]
        for q, real in zip(integers, floats):
            self.assertEqual(struct.pack("<f", scale * (q - 111)), struct.pack("<f", real))

    def test_first_accumulator_by_hand(self):
        # A black picture: every x is quantize(0) = 22 = x_zp, so that every accumulator is 0.
        command.write_npy(self.folder / "black.npy", (4, 5), [0.0] * 20)
        self.assay("run", "--image", "black.npy", "-o", "out")
        shape, values = command.read_npy(self.folder / "out" / "conv1.acc.npy")
        self.assertEqual(shape, (1, 8, 4, 5))
        self.assertEqual(set(values), {0})

    def test_pgm_equals_npy(self):
        pixels = [(7 * i) % 256 for i in range(48)]
        (self.folder / "image.pgm").write_bytes(b"P5\n8 6\n255\n" + bytes(pixels))
        command.write_npy(self.folder / "image.npy", (6, 8), [float(p) for p in pixels])
        self.assertEqual(self.assay("run", "--image", "image.pgm").stdout,
                         self.assay("run", "--image", "image.npy").stdout)

    def test_a_batch_is_run_image_by_image(self):
        first = [float(i) for i in range(30)]
        second = [float(40 * i) for i in range(30)]
        command.write_npy(self.folder / "batch.npy", (2, 1, 5, 6), first + second)
        command.write_npy(self.folder / "second.npy", (5, 6), second)
        self.assay("run", "--image", "batch.npy", "-o", "batch")
        self.assay("run", "--image", "second.npy", "-o", "second")
        batch = command.read_npy(self.folder / "batch" / "output.npy")[1]
        self.assertEqual(batch[30:], command.read_npy(self.folder / "second" / "output.npy")[1])

    def test_same_command_same_bytes(self):
        self.assay("run", "-o", "first")
        self.assay("run", "-o", "second")
        for path in (self.folder / "first").iterdir():
            self.assertEqual(path.read_bytes(), (self.folder / "second" / path.name).read_bytes())

    def test_an_earlier_output_is_replaced_whole(self):
        self.assay("run", "-o", "out")
        (self.folder / "out" / "stale.npy").write_text("")
        self.assay("run", "-o", "out")
        self.assertNotIn("out/stale.npy", self.files())
        self.assertEqual([name for name in self.files() if "tmp" in name], [])


class Lower(command.CommandTest):

    def test_auto_equals_the_contract(self):
        for contract in ("qnnpack", "onednn_2", "onednn_3_11", "fbgemm"):
            with self.subTest(contract=contract):
                lines = self.assay("lower", "--contract", contract).stdout.splitlines()
                self.assertTrue(lines[-1].startswith("PASS  unet_simplified  contract " + contract))

    def test_direct_differs_and_exits_1(self):
        lines = self.assay("lower", "--requantizer", "direct", code=1).stdout.splitlines()
        self.assertTrue(lines[-1].startswith("DIFFERS  unet_simplified"))


class VectorFiles(command.CommandTest):

    def test_expected_output_passes_its_own_check(self):
        self.assay("gen", "-o", "vectors")
        for layer, count in (("conv1", "32,768"), ("conv3", "4,096")):
            result = self.assay("check", "vectors", layer, "stream_out",
                                "vectors/%s/stream_out.mem" % layer)
            self.assertIn("PASS  %s stream_out  %s values compared" % (layer, count), result.stdout)

    def test_one_wrong_value_is_found_at_its_place(self):
        self.assay("gen", "-o", "vectors")
        path = self.folder / "vectors" / "conv3" / "y.npy"
        data = bytearray(path.read_bytes())
        data[-5] ^= 1  # the last four values are at (y 63, x 60..63), this one is at x 59
        (self.folder / "found.npy").write_bytes(bytes(data))
        result = self.assay("check", "vectors", "conv3", "y", "found.npy", code=1)
        self.assertIn("y 63, x 59, c 0", result.stdout)
        self.assertIn("1 mismatches", result.stdout)

    def test_directed_targets_are_in_the_files(self):
        self.assay("gen", "--directed", "-o", "vectors")
        lines = (self.folder / "vectors" / "targets.csv").read_text().splitlines()
        self.assertEqual(lines[0], "layer,channel,kind,acc,y,answer,n,out_y,out_x")
        tensors = {}
        for name in ("conv1", "conv2", "conv3"):
            folder = self.folder / "vectors" / name
            tensors[name] = (command.read_npy(folder / "acc.npy"), command.read_npy(folder / "y.npy"))
        reached = 0
        for line in lines[1:]:
            layer, channel, _, acc, y, answer, *place = line.split(",")
            self.assertIn(answer, ("reached", "never"))
            if answer == "reached":
                n, row, column = (int(text) for text in place)
                shape, values = tensors[layer][0]
                index = ((n * shape[1] + row) * shape[2] + column) * shape[3] + int(channel)
                self.assertEqual((values[index], tensors[layer][1][1][index]), (int(acc), int(y)))
                reached += 1
        self.assertGreater(reached, 8000)

    def test_same_command_same_bytes(self):
        self.assay("gen", "-o", "first")
        self.assay("gen", "-o", "second")
        for path in (self.folder / "first").rglob("*.*"):
            other = self.folder / "second" / path.relative_to(self.folder / "first")
            self.assertEqual(path.read_bytes(), other.read_bytes(), path)


class PlanSuite(command.CommandTest):

    def test_suite_shows_every_requantizer(self):
        lines = self.assay("plan", "--suite", "resnet18").stdout.splitlines()
        total = [line for line in lines if line.startswith("all convolutions")]
        self.assertEqual(len(total), 1)
        self.assertIn(" 1,813,561,344 ", total[0])  # as published for the model, without fc
        self.assertEqual(total[0].count("target 95 %: held"), 3)

    def test_suite_with_one_requantizer(self):
        text = self.assay("plan", "--suite", "utilization", "--requantizer", "affine").stdout
        self.assertNotIn("threshold", text)
        self.assertEqual(text.count("held"), 5)

    def test_bad_suite(self):
        suite = self.folder / "wide.yaml"
        suite.write_text("format: 1\nname: wide\nsource: by hand\nlayers:\n"
                         "  - {name: a, type: Conv2d, in_size: [12, 12], in_channels: 8,\n"
                         "     out_channels: 8, kernel_size: [12, 12]}\n")
        self.assertIn("layer a does not fit engine 8x8",
                      self.refused("plan", "--suite", suite))
        suite.write_text("format: 2\n")
        self.assertIn("wide.yaml:1:9: ", self.refused("plan", "--suite", suite))
        self.assertIn("config/suites", self.refused("plan", "--suite", "vgg"))

    def test_directed_inputs_reach_the_bounds(self):
        self.assay("gen", "--directed", "-o", "out")
        lines = (self.folder / "out" / "bounds.csv").read_text().splitlines()
        self.assertEqual(lines[0], "layer,channel,bound,acc,wrap_bits,saturate_bits,n,out_y,out_x")
        self.assertEqual(len(lines), 1 + 2 * (8 + 8 + 1))
        zero_points = {"conv1": 22, "conv2": 0, "conv3": 0}
        for line in lines[1:]:
            layer, channel, bound, acc, wrap, saturate, n, y, x = line.split(",")
            shape, weight = command.read_npy(self.folder / "out" / layer / "weight.npy")
            taps = shape[1] * shape[2] * shape[3]
            own = weight[int(channel) * taps:(int(channel) + 1) * taps]
            # Every input is 0..255 by itself: each product at its least, or greatest.
            low, high = -zero_points[layer], 255 - zero_points[layer]
            ends = [sum(end(low * w, high * w) for w in own) for end in (min, max)]
            self.assertEqual(int(acc), ends[bound == "high"])
            bits = max(((end if end >= 0 else -end - 1).bit_length() + 1) for end in ends)
            self.assertEqual(int(wrap), bits)
            self.assertGreaterEqual(int(saturate), bits)
            (_, rows, columns, channels), values = command.read_npy(
                self.folder / "out" / layer / "acc.npy")
            at = ((int(n) * rows + int(y)) * columns + int(x)) * channels + int(channel)
            self.assertEqual(values[at], int(acc))


if __name__ == "__main__":
    unittest.main()
