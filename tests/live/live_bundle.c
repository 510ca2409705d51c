/* Flat face of the bundle reader for Python. No twin. */
#include "tests/live/live_bundle.h"

#include <stdio.h>
#include <stdlib.h>

#include "vectors/bundle.h"

struct assay_bundle *assay_live_bundle_open(const char *folder, int32_t in_y, int32_t in_x,
                                            char *text, int32_t size) {
  struct assay_error error = {0};
  struct assay_bundle *bundle = calloc(1, sizeof *bundle);
  if (bundle != NULL && assay_bundle_read(folder, in_y, in_x, bundle, &error)) return bundle;
  snprintf(text, (size_t)size, "%s", bundle == NULL ? "out of memory" : error.text);
  free(bundle);
  return NULL;
}

void assay_live_bundle_close(struct assay_bundle *bundle) {
  if (bundle != NULL) assay_bundle_free(bundle);
  free(bundle);
}

int32_t assay_live_bundle_count(const struct assay_bundle *bundle) {
  return (int32_t)bundle->network.layer_count;
}

const char *assay_live_bundle_quantize(const struct assay_bundle *bundle) {
  return bundle->network.quantize;
}

void assay_live_bundle_layer(const struct assay_bundle *bundle, int32_t index,
                             struct assay_live_bundle_layer *out) {
  const struct assay_layer *layer = &bundle->network.layers[index];
  const struct assay_layer_text *text = &bundle->text.layers[index];
  const struct assay_conv *conv = &layer->conv;
  *out = (struct assay_live_bundle_layer){
      .name = layer->name,
      .weight_file = text->weight.name,
      .scale_file = text->weight_scale.name,
      .bias_file = text->bias.name,
      .x_scale = conv->x.scale,
      .y_scale = layer->quant.scale,
      .w_scale = conv->w_scale,
      .bias = conv->bias,
      .weight = conv->weight,
      .kind = (int32_t)layer->kind,
      .x_zp = conv->x.zero_point,
      .y_zp = layer->quant.zero_point,
      .is_signed = layer->quant.dtype == ASSAY_QINT8,
      .relu = conv->relu,
      .per_channel = conv->per_channel,
      .shape = conv->shape,
  };
}
