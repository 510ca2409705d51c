// A channel as tests write it down: three scales, a zero point, the rest by default.
#ifndef ASSAY_TESTS_GOLDEN_CONTRACT_CHANNEL_H_
#define ASSAY_TESTS_GOLDEN_CONTRACT_CHANNEL_H_

#include <gtest/gtest.h>

#include <string>

#include "golden/contract.h"

inline assay_channel Channel(double x_scale, double w_scale, double y_scale, int32_t y_zp) {
  assay_channel c = {};
  c.x_scale = x_scale;
  c.w_scale = w_scale;
  c.y_scale = y_scale;
  c.y_zp = y_zp;
  c.dtype = ASSAY_QUINT8;
  c.per_channel = true;
  c.forum_n = 16;
  c.forum_bias = ASSAY_FORUM_BIAS_FOLDED;
  return c;
}

inline assay_channel WithBias(assay_channel c, float bias) {
  c.has_bias = true;
  c.bias = bias;
  return c;
}

inline assay_channel Relu(assay_channel c) {
  c.relu = true;
  return c;
}

inline assay_channel Signed(assay_channel c) {
  c.dtype = ASSAY_QINT8;
  return c;
}

inline assay_channel PerTensor(assay_channel c) {
  c.per_channel = false;
  return c;
}

// The prepared contract; the test fails if there is none.
inline assay_requantizer Prepare(const std::string &name, const assay_channel &channel) {
  assay_requantizer r = {};
  const assay_contract *contract = assay_contract_find(name.c_str());
  EXPECT_NE(contract, nullptr) << name;
  if (contract == nullptr) return r;
  EXPECT_EQ(contract->prepare(&channel, &r), ASSAY_OK) << name;
  return r;
}

inline int32_t Output(const std::string &name, const assay_channel &channel, int32_t acc) {
  const assay_requantizer r = Prepare(name, channel);
  return r.apply == nullptr ? INT32_MIN : assay_requantize(&r, acc);
}

inline assay_status StatusOf(const std::string &name, const assay_channel &channel) {
  assay_requantizer r = {};
  return assay_contract_find(name.c_str())->prepare(&channel, &r);
}

#endif  // ASSAY_TESTS_GOLDEN_CONTRACT_CHANNEL_H_
