/* The bounds of every channel's accumulator, with the place of an input that reaches each. No twin.
 */
#include "cli/bounds_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "golden/arithmetic.h"
#include "golden/bounds.h"

/** Least safe widths of a channel's adders. */
struct widths {
  int32_t wrap, saturate;
};

/* The widest over the parts of the layer that have the channel. */
static bool channel_widths(const struct assay_layer_job *job, int32_t oc, struct widths *widths,
                           struct assay_order_step *steps) {
  *widths = (struct widths){0, 0};
  for (size_t i = 0; i < job->part_count; ++i) {
    const int32_t own = oc - job->runs[i].part.oc;
    if (own < 0 || own >= job->runs[i].conv.shape.out_c) continue;
    struct assay_partial_bounds bounds;
    if (!assay_jobs_bounds(&job->runs[i], own, steps, &bounds)) return false;
    widths->wrap = assay_greater(widths->wrap, bounds.wrap_bits);
    widths->saturate = assay_greater(widths->saturate, bounds.saturate_bits);
  }
  return true;
}

static const struct assay_directed_vector *find_vector(const struct assay_directed_images *images,
                                                       int32_t oc, int64_t acc) {
  for (size_t i = 0; i < images->count; ++i) {
    const struct assay_directed_vector *v = &images->vectors[i];
    if (v->oc == oc && v->target.acc == acc && v->reachability == ASSAY_REACH_WITNESS) return v;
  }
  return NULL;
}

static void print_bound(FILE *file, const char *layer, int32_t oc, const char *bound, int64_t acc,
                        const struct widths *widths, const struct assay_directed_vector *v) {
  fprintf(file, "%s,%" PRId32 ",%s,%" PRId64 ",%" PRId32 ",%" PRId32, layer, oc, bound, acc,
          widths->wrap, widths->saturate);
  if (v != NULL) {
    fprintf(file, ",%" PRId32 ",%" PRId32 ",%" PRId32 "\n", v->n, v->y, v->x);
  } else {
    fputs(",,,\n", file);
  }
}

static bool print_layer(FILE *file, const struct assay_evidence *evidence, size_t index) {
  const struct assay_directed_images *images = &evidence->directed.images[index];
  const char *name = evidence->directed.layers[index].name;
  struct assay_order_step *steps =
      calloc((size_t)assay_conv_taps(&images->conv.shape), sizeof *steps);
  bool ok = steps != NULL;
  for (int32_t oc = 0; ok && oc < images->conv.shape.out_c; ++oc) {
    struct assay_interval range;
    struct widths widths;
    ok = assay_bounds_of_channel(&images->conv, oc, &range) == ASSAY_OK &&
         channel_widths(&evidence->jobs.layers[index], oc, &widths, steps);
    if (!ok) break;
    print_bound(file, name, oc, "low", range.lo, &widths, find_vector(images, oc, range.lo));
    print_bound(file, name, oc, "high", range.hi, &widths, find_vector(images, oc, range.hi));
  }
  free(steps);
  return ok;
}

bool assay_bounds_table_write(const struct assay_outdir *outdir,
                              const struct assay_evidence *evidence, struct assay_error *error) {
  FILE *file = assay_outdir_open(outdir, "bounds.csv", error);
  if (file == NULL) return false;
  fputs("layer,channel,bound,acc,wrap_bits,saturate_bits,n,out_y,out_x\n", file);
  bool ok = true;
  for (size_t i = 0; ok && i < evidence->directed.layer_count; ++i) {
    ok = print_layer(file, evidence, i);
  }
  return assay_outdir_close(file, "bounds.csv", error) &&
         (ok || assay_error_set(error, ASSAY_EXIT_RESOURCE, "bounds cannot be computed"));
}
