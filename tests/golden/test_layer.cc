// Geometry of a convolution, against values worked out by hand.
#include "golden/layer.h"

#include <gtest/gtest.h>

namespace {

assay_conv_shape Square(int size, int kernel, int stride, int pad, int dilation) {
  return {size,     size,     1,   1,   kernel, kernel, stride, stride,
          dilation, dilation, pad, pad, pad,    pad,    1};
}

TEST(ConvShape, OutputSizeFollowsPyTorchFormula) {
  const assay_conv_shape same = Square(64, 3, 1, 1, 1);
  EXPECT_EQ(assay_conv_out_y(&same), 64);
  const assay_conv_shape stem = Square(224, 7, 2, 3, 1);
  EXPECT_EQ(assay_conv_out_x(&stem), 112);
  const assay_conv_shape dilated = Square(10, 3, 2, 0, 2);  // extent 5: positions 0, 2, 4
  EXPECT_EQ(assay_conv_out_x(&dilated), 3);
}

TEST(ConvShape, KernelLargerThanPaddedImageIsRefused) {
  const assay_conv_shape shape = Square(2, 5, 1, 1, 1);
  EXPECT_EQ(assay_conv_out_y(&shape), 0);
  EXPECT_EQ(assay_conv_shape_check(&shape), ASSAY_ERROR_SHAPE);
}

TEST(ConvShape, GroupsMustDivideBothChannelCounts) {
  assay_conv_shape shape = Square(8, 3, 1, 1, 1);
  shape.in_c = 6;
  shape.out_c = 4;
  shape.groups = 3;
  EXPECT_EQ(assay_conv_shape_check(&shape), ASSAY_ERROR_SHAPE);
  shape.groups = 2;
  EXPECT_EQ(assay_conv_shape_check(&shape), ASSAY_OK);
  EXPECT_EQ(assay_conv_taps(&shape), 27);
  shape.groups = 0;
  EXPECT_EQ(assay_conv_shape_check(&shape), ASSAY_ERROR_ARGUMENT);
}

}  // namespace
