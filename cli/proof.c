/* The certificate of a sign-off: contract against integer parameters, written and checked. No twin.
 */
#include "cli/proof.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char kName[] = "certificate.json";

/** Memory for one channel. */
struct workspace {
  struct assay_certificate certificate;
  struct assay_difference *differences;  ///< owned
  size_t capacity;
};

static bool grow(struct workspace *work, size_t capacity) {
  struct assay_difference *grown = realloc(work->differences, capacity * sizeof *grown);
  if (grown == NULL) return false;
  work->differences = grown;
  work->capacity = capacity;
  return true;
}

/** Certifies with room for every interval: enumerated channels may have more than lists have. */
static enum assay_status certify(const struct assay_side *a, const struct assay_side *b,
                                 int32_t q_low, struct assay_interval range,
                                 struct workspace *work) {
  enum assay_status status;
  do {
    status = assay_certify(a, b, q_low, range, ASSAY_ENUMERATE_LIMIT, &work->certificate,
                           work->differences, work->capacity);
  } while (status == ASSAY_OK && work->certificate.comparison.intervals > work->capacity &&
           grow(work, work->certificate.comparison.intervals));
  return status;
}

static bool write_channel(const struct assay_source *source, const struct assay_lowering *lowering,
                          size_t layer, int32_t oc, struct workspace *work, struct assay_json *json,
                          struct assay_error *error) {
  const struct assay_layer_lowering *lowered = &lowering->layers[layer];
  const struct assay_conv *conv = &lowered->layer->conv;
  const struct assay_channel channel = assay_channel_of(conv, oc);
  const struct assay_side a = assay_side_of_contract(source->contract, &channel);
  const struct assay_side b = assay_side_of_lowered(&lowering->lowered[layer], oc);
  const enum assay_status status =
      certify(&a, &b, assay_dtype_min(conv->y.dtype), lowered->results[oc].range, work);
  if (status != ASSAY_OK) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT, "%s: layer %s, channel %" PRId32 ": %s",
                           source->folder, lowered->layer->name, oc, assay_status_text(status));
  }
  if (work->certificate.comparison.intervals > work->capacity) return assay_error_memory(error);
  assay_certificate_file_channel(json, oc, &work->certificate, work->differences,
                                 work->certificate.comparison.intervals);
  return true;
}

static bool write_layers(const struct assay_source *source, const struct assay_lowering *lowering,
                         struct workspace *work, struct assay_json *json,
                         struct assay_error *error) {
  assay_certificate_file_begin(json, &source->bundle.network);
  for (size_t i = 0; i < lowering->layer_count; ++i) {
    const struct assay_layer *layer = lowering->layers[i].layer;
    if (!assay_certificate_file_layer(json, layer, error)) return false;
    for (int32_t oc = 0; oc < layer->conv.shape.out_c; ++oc) {
      if (!write_channel(source, lowering, i, oc, work, json, error)) return false;
    }
    assay_certificate_file_layer_end(json);
  }
  assay_certificate_file_end(json);
  return true;
}

static bool write_file(const struct assay_outdir *outdir, const struct assay_source *source,
                       const struct assay_lowering *lowering, struct assay_error *error) {
  struct workspace work = {0};
  struct assay_json json = {.file = assay_outdir_open(outdir, kName, error)};
  if (json.file == NULL) return false;
  bool ok = grow(&work, ASSAY_MAX_DIFFERENCES) || assay_error_memory(error);
  ok = ok && write_layers(source, lowering, &work, &json, error);
  free(work.differences);
  return assay_outdir_close(json.file, kName, error) && ok;
}

bool assay_proof_write(const struct assay_outdir *outdir, struct assay_source *source,
                       const struct assay_lowering *lowering,
                       struct assay_certificate_summary *summary, struct assay_error *error) {
  char path[ASSAY_OUTDIR_PATH + 64];
  snprintf(path, sizeof path, "%s/%s", outdir->temporary, kName);
  return write_file(outdir, source, lowering, error) &&
         assay_certificate_file_check(path, &source->bundle, summary, error);
}
