/* Listing of certificates: what differs, and whether an input can show it. No twin. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/certify.h"
#include "cli/text.h"
#include "golden/directed.h"
#include "golden/quantize.h"
#include "golden/reach.h"

static const int64_t kQueriesMax = (int64_t)1 << 20;  // accumulators asked one by one

/** How many accumulators of an interval are reachable, proved unreachable, unknown. */
struct reached {
  int64_t witness, never, unknown;
};

static struct reached ask_each(const struct assay_reach *reach, int64_t first, int64_t last) {
  struct reached found = {0};
  for (int64_t acc = first; acc <= last; ++acc) {
    const enum assay_reachability answer = assay_reach_query(reach, acc);
    found.witness += answer == ASSAY_REACH_WITNESS;
    found.never += answer == ASSAY_REACH_NEVER;
    found.unknown += answer == ASSAY_REACH_UNKNOWN;
  }
  return found;
}

/** @param reach  of a position where the whole kernel is inside the image; NULL: there is none */
static struct reached reached_of(const struct assay_reach *reach, int64_t first, int64_t last) {
  const int64_t count = last - first + 1;
  if (reach == NULL) return (struct reached){.unknown = count};
  if (count <= kQueriesMax) return ask_each(reach, first, last);
  if (!reach->complete) return (struct reached){.unknown = count};
  const int64_t witness = assay_reach_count(reach, first, last);
  return (struct reached){.witness = witness, .never = count - witness};
}

static void print_reached(struct reached found) {
  const char *comma = "";
  if (found.witness + found.never + found.unknown == 1) {
    puts(found.witness > 0 ? "reachable" : found.never > 0 ? "proved unreachable" : "unknown");
    return;
  }
  if (found.witness > 0) {
    printf("%s reachable", assay_digits(found.witness).text);
    comma = ", ";
  }
  if (found.never > 0) {
    printf("%s%s proved unreachable", comma, assay_digits(found.never).text);
    comma = ", ";
  }
  if (found.unknown > 0) printf("%s%s unknown", comma, assay_digits(found.unknown).text);
  putchar('\n');
}

static void print_difference(const struct assay_certificate *c, const struct assay_difference *d,
                             const struct assay_reach *reach) {
  printf("          ");
  if (d->first == d->last) {
    printf("acc %" PRId32, d->first);
  } else {
    printf("acc %" PRId32 " to %" PRId32, d->first, d->last);
  }
  printf("  %s %" PRId32 "  %s %" PRId32 "  ", assay_side_name(&c->a), d->y_a,
         assay_side_name(&c->b), d->y_b);
  print_reached(reached_of(reach, d->first, d->last));
}

/** An input patch that reaches the nearest differing accumulator. */
static void print_witness(const struct assay_conv *conv, int32_t oc, int32_t acc) {
  const size_t taps = (size_t)assay_conv_taps(&conv->shape);
  uint8_t *patch = malloc(taps);
  struct assay_directed_place place;
  if (patch == NULL) return;
  if (assay_directed_solve(conv, oc, acc, patch, &place) == ASSAY_REACH_WITNESS) {
    printf("          witness of acc %" PRId32 " at output y %" PRId32 ", x %" PRId32
           ", input [ky][kx][ic]:",
           acc, place.y, place.x);
    for (size_t i = 0; i < taps; ++i) printf(" %d", assay_integer_of(patch[i], conv->x.dtype));
    putchar('\n');
  }
  free(patch);
}

static void print_differences(const struct assay_certify_options *options,
                              const struct assay_conv *conv, int32_t oc,
                              const struct assay_certificate *c,
                              const struct assay_difference *differences) {
  struct assay_taps taps;
  struct assay_reach *reach = malloc(sizeof *reach);
  const bool interior = reach != NULL && assay_taps_interior(conv, oc, &taps);
  if (interior) assay_reach_prepare(&taps, reach);
  const size_t shown = c->comparison.intervals < (size_t)options->list ? c->comparison.intervals
                                                                       : (size_t)options->list;
  for (size_t i = 0; i < shown; ++i) {
    print_difference(c, &differences[i], interior ? reach : NULL);
  }
  if (shown < c->comparison.intervals) {
    printf("          and %s more; --list N shows more, -o FILE writes all\n",
           assay_plural((int64_t)(c->comparison.intervals - shown), "interval").text);
  }
  if (options->witness) print_witness(conv, oc, c->comparison.nearest);
  free(reach);
}

void assay_certify_print(const struct assay_certify_options *options, const struct assay_conv *conv,
                         int32_t oc, const struct assay_certificate *certificate,
                         const struct assay_difference *differences) {
  const struct assay_interval range = certificate->range;
  printf("  %4" PRId32 "  [%s, %s]  ", oc, assay_digits(range.lo).text,
         assay_digits(range.hi).text);
  switch (certificate->claim) {
    case ASSAY_CLAIM_EQUAL:
      puts("PROVED EQUAL");
      break;
    case ASSAY_CLAIM_UNDECIDED:
      puts("UNDECIDED: may decrease, and the interval is too large to visit");
      break;
    case ASSAY_CLAIM_DIFFERS:
      printf("DIFFERS on %s of %s, the nearest %" PRId32 ", by %" PRId32 " at most\n",
             assay_digits(certificate->comparison.count).text,
             assay_plural(range.hi - range.lo + 1, "accumulator").text,
             certificate->comparison.nearest, certificate->comparison.max_lsb);
      print_differences(options, conv, oc, certificate, differences);
  }
}
