"""Layers that a version of PyTorch is known to compute wrongly: left out, counted, reported OPEN."""


def _onednn_2_grouped(conv):
    """1x1, 8 input channels a group, 8 output channels in 4 or 8 groups, x_zp not 0: outputs as far
    as 163 from the sum (kernel gemm_s8u8s32 of oneDNN 2.6.3; 2 of 1,836 small grouped shapes)."""
    out_c, kernel_y, kernel_x, in_c = conv.weight.shape
    shape = (kernel_y, kernel_x, in_c, out_c)
    return shape == (1, 1, 8, 8) and conv.groups in (4, 8) and conv.x_zp != 0


def known(engine, conv):
    """Whether this engine's PyTorch computes the layer wrongly."""
    return "onednn_2" in engine.contracts["per_channel"] and _onednn_2_grouped(conv)
