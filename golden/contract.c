/* The list of named contracts. No twin. */
#include "golden/contract.h"

#include <string.h>

#include "golden/contract_private.h"

static const struct assay_contract *const contracts[] = {
    &assay_contract_qnnpack,
    &assay_contract_onednn_2,
    &assay_contract_onednn_3,
    &assay_contract_onednn_3_pointwise,
    &assay_contract_onednn_3_11,
    &assay_contract_onednn_3_11_pointwise,
    &assay_contract_onednn_3_11_linear,
    &assay_contract_fbgemm,
    &assay_contract_fbgemm_per_channel,
    &assay_contract_fbgemm_per_tensor,
    &assay_contract_xnnpack,
    &assay_contract_ort,
    &assay_contract_xnnpack_rndnu,
    &assay_contract_tflite_double,
    &assay_contract_tflite_ruy,
    &assay_contract_tflite_single,
    &assay_contract_tosa_32_single,
    &assay_contract_tosa_32_double,
    &assay_contract_tosa_16,
    &assay_contract_tvm_upward,
    &assay_contract_tvm_tonearest,
    &assay_contract_nvdla,
    &assay_contract_ne16,
    &assay_contract_gemmini,
    &assay_contract_forum,
    &assay_contract_affine,
    &assay_contract_corrected,
    &assay_contract_thresholds,
    &assay_contract_qnnpack_integer,
    &assay_contract_onednn_2_integer,
    &assay_contract_onednn_3_integer,
    &assay_contract_onednn_3_pointwise_integer,
    &assay_contract_onednn_3_11_integer,
    &assay_contract_onednn_3_11_pointwise_integer,
    &assay_contract_onednn_3_11_linear_integer,
    &assay_contract_fbgemm_integer,
    &assay_contract_fbgemm_per_channel_integer,
    &assay_contract_fbgemm_per_tensor_integer,
    &assay_contract_xnnpack_integer,
    &assay_contract_gemmini_integer,
};

size_t assay_contract_count(void) { return sizeof contracts / sizeof contracts[0]; }

const struct assay_contract *assay_contract_at(size_t index) {
  return index < assay_contract_count() ? contracts[index] : NULL;
}

const struct assay_contract *assay_contract_find(const char *name) {
  for (size_t i = 0; i < assay_contract_count(); i++) {
    if (strcmp(contracts[i]->name, name) == 0) return contracts[i];
  }
  return NULL;
}

struct assay_channel assay_channel_of(const struct assay_conv *conv, int32_t oc) {
  return (struct assay_channel){
      .x_scale = conv->x.scale,
      .w_scale = assay_conv_w_scale(conv, oc),
      .y_scale = conv->y.scale,
      .y_zp = conv->y.zero_point,
      .dtype = conv->y.dtype,
      .relu = conv->relu,
      .has_bias = conv->bias != NULL,
      .bias = conv->bias != NULL ? conv->bias[oc] : 0.0f,
      .per_channel = conv->per_channel,
      .forum_n = 16,
      .forum_bias = ASSAY_FORUM_BIAS_FOLDED,
  };
}
