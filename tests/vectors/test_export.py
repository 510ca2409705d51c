#!/usr/bin/env python3
"""The exporter: the shipped bundle again from a PyTorch model, and what it refuses."""
import filecmp
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUNDLE = os.path.join(ROOT, "config", "networks", "unet_simplified")
sys.path.insert(0, os.path.join(ROOT, "vectors"))

try:
    import torch
except ImportError as error:
    print("skipped: no PyTorch in %s (%s)" % (sys.executable, error))
    sys.exit(77)

try:  # PyTorch 1.13 and newer
    import torch.ao.nn.quantized as nnq
    from torch.ao.nn.intrinsic.quantized import ConvReLU2d
except ImportError:
    import torch.nn.quantized as nnq
    from torch.nn.intrinsic.quantized import ConvReLU2d

import export  # noqa: E402
import numpy  # noqa: E402
import reconstruct_unet  # noqa: E402

torch.backends.quantized.engine = "qnnpack"


def quantized(weight, scales, zero_points=None):
    """A per-channel quantized tensor from integers."""
    zero_points = torch.zeros(len(scales), dtype=torch.long) if zero_points is None else zero_points
    return torch._make_per_channel_quantized_tensor(
        torch.from_numpy(weight), torch.from_numpy(scales), zero_points, 0)


def conv(kind, in_c, out_c, weight=None, bias=None, scale=0.5, zero_point=3, **geometry):
    module = kind(in_c, out_c, 3, **geometry)
    if weight is None:
        integers = numpy.arange(out_c * in_c // geometry.get("groups", 1) * 9) % 100 - 50
        shape = (out_c, in_c // geometry.get("groups", 1), 3, 3)
        weight = quantized(integers.astype(numpy.int8).reshape(shape), numpy.full(out_c, 0.01))
    module.set_weight_bias(weight, bias)
    module.scale, module.zero_point = scale, zero_point
    return module


def quantize(dtype=torch.quint8):
    return nnq.Quantize(torch.tensor([0.5]), torch.tensor([3]), dtype)


class UNetSimplified(torch.nn.Module):
    """As printed: Identity where layers were fused away, quant registered after its users."""

    def __init__(self):
        super().__init__()
        printed = reconstruct_unet.read_printed(os.path.join(BUNDLE, "printed.txt"))
        layers = {layer["name"]: layer for layer in reconstruct_unet.network_of(printed)["layers"]}
        for name, kind in (("conv1", ConvReLU2d), ("conv2", ConvReLU2d), ("conv3", nnq.Conv2d)):
            layer = layers[name]
            bias = None if layer["bias"] is None else torch.from_numpy(layer["bias"])
            weight = quantized(layer["weight"], layer["weight_scale"])
            setattr(self, name, conv(kind, layer["in_channels"], layer["out_channels"], weight,
                                     bias, layer["scale"], layer["zero_point"], padding=1))
        self.bn1 = self.act1 = torch.nn.Identity()
        self.bn2 = self.act2 = torch.nn.Identity()
        self.quant = nnq.Quantize(torch.tensor([10.0395]), torch.tensor([22]), torch.quint8)
        self.dequant = nnq.DeQuantize()

    def forward(self, x):
        x = self.quant(x)
        x = self.act1(self.bn1(self.conv1(x)))
        x = self.act2(self.bn2(self.conv2(x)))
        return self.dequant(self.conv3(x))


class Residual(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.quant = quantize()
        self.conv = conv(nnq.Conv2d, 1, 1, padding=1)

    def forward(self, x):
        x = self.quant(x)
        return torch.add(x, self.conv(x))


class Branch(Residual):
    def forward(self, x):
        self.conv(self.quant(x))
        return self.conv(x)


def build_unet():
    return UNetSimplified()


def build_sigmoid():
    return torch.nn.Sequential(quantize(), conv(nnq.Conv2d, 1, 2), torch.nn.Sigmoid())


class Export(unittest.TestCase):
    def refusal(self, model, **options):
        """Text of the refusal; nothing may be written."""
        with tempfile.TemporaryDirectory() as parent:
            with self.assertRaises(export.Refused) as refused:
                export.export_model(model, os.path.join(parent, "b"), "b", **options)
            self.assertEqual(os.listdir(parent), [])
        return str(refused.exception)

    def test_shipped_bundle_byte_for_byte(self):
        with tempfile.TemporaryDirectory() as folder:
            export.export_model(build_unet(), folder, "unet_simplified", pytorch="1.13.1",
                                engine="qnnpack", quantize="mul")
            made = sorted(os.listdir(folder))
            self.assertEqual(made, sorted(
                ["network.yaml"] + ["conv%d.%s.npy" % (i, t) for i in (1, 2, 3)
                                    for t in ("weight", "weight_scale", "bias") if (i, t) != (3, "bias")]))
            self.assertEqual(filecmp.cmpfiles(BUNDLE, folder, made, shallow=False), (made, [], []))

    def test_a_forward_pass_still_runs(self):
        output = build_unet()(torch.from_numpy(
            numpy.load(os.path.join(BUNDLE, "image_64x64.npy")))[None, None])
        self.assertEqual(tuple(output.shape), (1, 1, 64, 64))

    def test_geometry_and_schemes(self):
        weight = torch._make_per_tensor_quantized_tensor(
            torch.ones(4, 2, 3, 3, dtype=torch.int8), 0.25, 0)
        model = torch.nn.Sequential(
            quantize(), conv(ConvReLU2d, 4, 4, weight, torch.tensor([1.0, 2.0, 3.0, 4.0]),
                             stride=(2, 1), padding=(0, 1), dilation=(1, 2), groups=2))
        layer = export.layers_of(model)[1]
        self.assertEqual([layer[k] for k in ("stride", "padding", "dilation", "groups", "qscheme")],
                         [(2, 1), (0, 1), (1, 2), 2, "per_tensor_affine"])
        self.assertEqual(layer["weight_scale"].tolist(), [0.25])
        self.assertEqual(layer["bias"].tolist(), [1.0, 2.0, 3.0, 4.0])
        self.assertEqual(layer["name"], "1")

    def test_a_4_bit_observer_gives_int4_weights(self):
        observers = torch.ao.quantization
        narrow = observers.PerChannelMinMaxObserver.with_args(
            dtype=torch.qint8, qscheme=torch.per_channel_symmetric, quant_min=-8, quant_max=7)
        model = torch.nn.Sequential(
            observers.QuantStub(), torch.nn.Conv2d(3, 4, 3), torch.nn.Conv2d(4, 2, 1),
            observers.DeQuantStub())
        model.qconfig = observers.get_default_qconfig("qnnpack")
        model[1].qconfig = observers.QConfig(
            activation=observers.default_observer, weight=narrow)
        observers.prepare(model.eval(), inplace=True)
        model(torch.randn(1, 3, 8, 8))
        observers.convert(model, inplace=True)
        with tempfile.TemporaryDirectory() as folder:
            export.export_model(model, folder, "narrow")
            weight = numpy.load(os.path.join(folder, "1.weight.npy"))
            with open(os.path.join(folder, "network.yaml"), encoding="ascii") as file:
                layers = file.read().split("  - ")
        self.assertEqual((int(numpy.abs(weight).max()) > 6, int(weight.min()) >= -8), (True, True))
        self.assertEqual(["weight_dtype: int4" in layer for layer in layers],
                         [False, False, True, False, False])

    def test_foreign_modules_are_refused_by_name(self):
        self.assertEqual(self.refusal(build_sigmoid()),
                         "module '2' is a torch.nn.modules.activation.Sigmoid, expected one of "
                         "Quantize, Conv2d, ConvReLU2d, DeQuantize of a converted model")
        self.assertIn("module '1' is a torch.nn.modules.conv.Conv2d, expected one of",
                      self.refusal(torch.nn.Sequential(quantize(), torch.nn.Conv2d(1, 1, 3))))

    def test_graphs_that_are_no_chain_are_refused(self):
        self.assertEqual(self.refusal(Residual()), "function 'add' is called, expected a chain of "
                         "Quantize, Conv2d, ConvReLU2d, DeQuantize")
        self.assertIn("module 'conv' is a ", self.refusal(Branch()))
        self.assertIn("and does not follow 'conv' alone", self.refusal(Branch()))
        self.assertEqual(self.refusal(torch.nn.Sequential(quantize(), nnq.DeQuantize())),
                         "the modules are Quantize, DeQuantize, expected Quantize, convolutions, "
                         "perhaps DeQuantize")

    def test_numbers_that_a_bundle_cannot_hold_are_refused(self):
        shifted = quantized(numpy.ones((1, 1, 3, 3), numpy.int8), numpy.array([0.5]),
                            torch.tensor([4]))
        model = torch.nn.Sequential(quantize(), conv(nnq.Conv2d, 1, 1, shifted))
        self.assertEqual(self.refusal(model), "module '1' has weight zero points other than 0, "
                         "expected symmetric weights")

    def test_contract_follows_version_and_engine(self):
        cases = {("1.13.1", "qnnpack"): "qnnpack", ("1.13.0a0", "onednn"): "onednn_2",
                 ("2.4.1", "onednn"): "onednn_3", ("2.13.0", "onednn"): "onednn_3_11",
                 ("2.13.0", "fbgemm"): "fbgemm"}
        for (version, engine), contract in cases.items():
            self.assertEqual(export.default_contract(version, engine), contract)
        self.assertEqual(self.refusal(build_unet(), pytorch="2.4.1", engine="x86"),
                         "no contract is known for PyTorch 2.4.1 with engine 'x86', expected "
                         "--contract")

    def test_quantize_is_measured(self):
        self.assertIn(export.identify_quantize(), ("mul", "fma"))
        if torch.__version__.startswith("1.13"):
            self.assertEqual(export.identify_quantize(), "mul")

    def run_command(self, *arguments):
        return subprocess.run([sys.executable, os.path.join(ROOT, "vectors", "export.py"),
                               *arguments], stderr=subprocess.PIPE, text=True)

    def test_command(self):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "mine")
            done = self.run_command(__file__ + ":build_unet", out, "--engine", "qnnpack")
            self.assertEqual(done.returncode, 0, done.stderr)  # PyTorch may warn on stderr
            with open(os.path.join(out, "network.yaml"), encoding="ascii") as file:
                self.assertIn("\nname: mine\n", file.read())
            refused = self.run_command(__file__ + ":build_sigmoid", out + "2", "--engine", "qnnpack")
            self.assertEqual(refused.returncode, 2)
            self.assertIn("export.py: module '2' is a torch.nn.modules.activation.Sigmoid",
                          refused.stderr)
            self.assertEqual(self.run_command("nothing.pt", out + "3").returncode, 2)
            self.assertEqual(os.listdir(folder), ["mine"])


if __name__ == "__main__":
    unittest.main()
