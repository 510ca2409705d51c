"""assay probe and identify: devices written from their definitions, near misses, bad samples."""

import unittest

import arithmetic
import command


class Identify(command.CommandTest):

    def probe(self, *arguments):
        return [int(line) for line in self.assay("probe", *arguments).stdout.split()]

    def write(self, accs, device, name="s.txt"):
        (self.folder / name).write_text("".join("%d %d\n" % (acc, device(acc)) for acc in accs))

    def left(self, *arguments, code=0):
        """Names of the contracts that are left."""
        last = self.assay("identify", *arguments, code=code).stdout.splitlines()[-1]
        return last.split(": ")[1].split(", ") if ": " in last else []

    def test_two_hundred_samples_find_the_contract(self):
        accs = self.probe("--layer", "conv1", "--channel", "4")
        self.assertEqual(len(accs), 200)
        self.assertEqual(accs, sorted(set(accs)))
        self.write(accs, arithmetic.Qnnpack(4))
        left = self.left("s.txt", "--layer", "conv1", "--channel", "4")
        self.assertIn("qnnpack", left)
        for other in ("onednn_2", "onednn_3_11", "fbgemm", "tflite_double", "forum"):
            self.assertNotIn(other, left)

    def test_one_changed_output_refutes_and_is_named(self):
        device = arithmetic.Qnnpack(0)
        accs = self.probe("--layer", "conv1", "--count", "50")
        self.write(accs, lambda acc: device(acc) ^ (1 if acc == accs[20] else 0))
        text = self.assay("identify", "s.txt", "--layer", "conv1", code=1).stdout
        self.assertIn("qnnpack                        refuted by sample 21 (line 21): acc %d gave "
                      "%d, expected %d\n" % (accs[20], device(accs[20]) ^ 1, device(accs[20])),
                      text)
        self.assertIn("REFUTED  0 of", text)

    def test_equal_needs_the_declaration_and_the_complete_set(self):
        arguments = ("--layer", "conv1", "--channel", "1")
        accs = self.probe(*arguments, "--complete", "qnnpack")
        self.assertLessEqual(len(accs), 512)
        device = arithmetic.Qnnpack(1)
        self.write(accs, device)
        text = self.assay("identify", "s.txt", *arguments, "--monotone").stdout
        self.assertRegex(text, r"\n? +qnnpack +EQUAL on \[-70,543, 128,357\]")
        text = self.assay("identify", "s.txt", *arguments).stdout
        self.assertNotIn("EQUAL", text)
        self.write(accs[:30] + accs[31:], device)
        text = self.assay("identify", "s.txt", *arguments, "--monotone").stdout
        self.assertRegex(text, r" +qnnpack +consistent with %d samples" % (len(accs) - 1))

    def test_near_misses_are_refused(self):
        """One threshold moved by one, ten times, both ways."""
        arguments = ("--layer", "conv1", "--channel", "1")
        accs = self.probe(*arguments, "--complete", "qnnpack")
        device = arithmetic.Qnnpack(1)
        steps = [i for i in range(1, len(accs)) if accs[i] == accs[i - 1] + 1 and
                 device(accs[i]) > device(accs[i - 1])]
        self.assertGreater(len(steps), 100)
        for miss in range(10):
            index = steps[miss * len(steps) // 10]
            wrong = accs[index] if miss % 2 == 0 else accs[index] - 1
            step = -1 if miss % 2 == 0 else 1
            with self.subTest(acc=wrong):
                self.write(accs, lambda acc: device(acc) + (step if acc == wrong else 0))
                self.assertNotIn("qnnpack", self.left("s.txt", *arguments, code=1))

    def test_integer_parameters(self):
        given = ("--multiplier", "1412310093", "--shift", "39", "--y-zp", "7")
        accs = self.probe(*given, "--range", "-100000,100000")
        self.write(accs, lambda acc: arithmetic.tflite_double(acc, 1412310093, 8, 7))
        left = self.left("s.txt", *given, "--range", "-100000,100000")
        self.assertIn("tflite_double", left)
        self.assertNotIn("tflite_single", left)
        self.assertNotIn("affine", left)

    def test_affine_is_a_candidate_for_integers(self):
        given = ("--multiplier", "12345", "--addend", "777777", "--shift", "20")
        accs = self.probe(*given, "--range", "-1000,30000")
        self.write(accs, lambda acc: min(max((acc * 12345 + 777777) >> 20, 0), 255))
        left = self.left("s.txt", *given)
        self.assertIn("affine", left)
        self.assertNotIn("affine_half_even", left)

    def test_npy_and_text_say_the_same(self):
        accs = self.probe("--layer", "conv1", "--count", "40")
        device = arithmetic.Qnnpack(0)
        self.write(accs, device)
        pairs = [n for acc in accs for n in (acc, device(acc))]
        command.write_npy(self.folder / "s.npy", (len(accs), 2), pairs, "<i4", "i")
        self.assertEqual(self.assay("identify", "s.npy", "--layer", "conv1").stdout,
                         self.assay("identify", "s.txt", "--layer", "conv1").stdout)

    def test_probe_writes_files(self):
        self.assay("probe", "--layer", "conv2", "-o", "p.npy")
        self.assay("probe", "--layer", "conv2", "-o", "p.txt")
        shape, values = command.read_npy(self.folder / "p.npy")
        self.assertEqual(shape, (200,))
        self.assertEqual(list(values), [int(n) for n in (self.folder / "p.txt").read_text().split()])

    def test_samples_that_contradict(self):
        scales = ("--x-scale", "0.1", "--w-scale", "0.1", "--y-scale", "0.1")
        (self.folder / "s.txt").write_text("5 1\n# again\n5 2\n")
        self.assertIn("contradict each other: line 1: acc 5 gave 1, line 3: acc 5 gave 2",
                      self.assay("identify", "s.txt", *scales, code=1).stdout)
        (self.folder / "s.txt").write_text("50 5\n60 4\n")
        self.assertIn("contradict --monotone",
                      self.assay("identify", "s.txt", *scales, "--monotone", code=1).stdout)


class BadInput(command.CommandTest):

    SCALES = ("--x-scale", "0.1", "--w-scale", "0.1", "--y-scale", "0.1")

    def bad(self, text, expected):
        (self.folder / "s.txt").write_text(text)
        self.assertIn(expected, self.refused("identify", "s.txt", *self.SCALES))

    def test_lines(self):
        self.bad("1 2\n3 x\n", 's.txt:2:3: found "x", expected an output, an integer')
        self.bad("1\n", "s.txt:1:2: ")
        self.bad("1 2 3\n", "s.txt:1:5: more than two values")
        self.bad("1.5 2\n", 's.txt:1:1: found "1.5", expected an accumulator, an integer')
        self.bad("3000000000 2\n", "s.txt:1:1: accumulator 3000000000, expected an int32")
        self.bad("99999999999999999999 2\n", "s.txt:1:1: ")
        self.bad("1 256\n", "s.txt:1:1: output 256, expected 0 to 255")
        self.bad("1 -1\n", "s.txt:1:1: output -1, expected 0 to 255")
        self.bad("# nothing\n\n", "s.txt:1:1: no samples")
        self.bad("", "s.txt:1:1: no samples")
        self.bad("1 2\0\n", "s.txt:1:1: the file holds a zero byte")

    def test_npy(self):
        command.write_npy(self.folder / "s.npy", (3,), [1, 2, 3], "<i4", "i")
        self.assertIn("shape [3], expected [n, 2]", self.refused("identify", "s.npy", *self.SCALES))
        command.write_npy(self.folder / "s.npy", (1, 2), [1.0, 2.0])
        self.assertIn("float32", self.refused("identify", "s.npy", *self.SCALES))

    def test_parameters(self):
        (self.folder / "s.txt").write_text("1 2\n")
        self.assertIn("expected one of:", self.refused("identify", "s.txt"))
        self.assertIn("expected one of:", self.refused("identify", "s.txt", *self.SCALES,
                                                       "--layer", "conv1"))
        self.assertIn("--w-scale is nan", self.refused("identify", "s.txt", "--x-scale", "1"))
        self.assertIn("one is missing", self.refused("identify", "s.txt", "--shift", "1"))
        self.assertIn('no layer "conv9"', self.refused("probe", "--layer", "conv9"))
        self.assertIn("channel 8", self.refused("probe", "--layer", "conv1", "--channel", "8"))
        self.assertIn("--range", self.refused("probe", *self.SCALES))
        self.assertIn("--range: expected two", self.refused("probe", *self.SCALES, "--range=5,4"))
        self.assertIn("--complete: nonsense", self.refused("probe", "--layer", "conv1",
                                                           "--complete", "nonsense"))
        self.assertIn("nowhere.txt", self.refused("identify", "nowhere.txt", *self.SCALES))


if __name__ == "__main__":
    unittest.main()
