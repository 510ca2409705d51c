/* Report: the certificate link by layer, and both step functions where they are closest. No twin.
 */
#include "cli/report_steps.h"

#include <inttypes.h>

#include "cli/text.h"
#include "golden/affine.h"
#include "golden/synthesize.h"
#include "golden/threshold.h"

enum {
  kWidth = 760,
  kHeight = 150,
  kLeft = 64,
  kRight = 740,
  kUpper = 36,
  kLower = 100,
  kSide = 6
};

// Certificates by layer //

static bool was_searched(const struct assay_report_channel *channel) {
  return channel->lowering.synthesis.affine.multiplier > 0;
}

static void write_row(const struct assay_report_layer *layer, FILE *file) {
  int64_t exact = 0, searched = 0, proved = 0;
  int32_t bits = 0;
  for (size_t oc = 0; oc < layer->channel_count; ++oc) {
    const struct assay_report_channel *channel = &layer->channels[oc];
    const struct assay_synthesis *synthesis = &channel->lowering.synthesis;
    proved += channel->lowering.differing == 0;
    searched += was_searched(channel);
    if (!was_searched(channel) || synthesis->verdict != ASSAY_SYNTHESIS_EXACT) continue;
    ++exact;
    if (synthesis->multiplier_bits > bits) bits = synthesis->multiplier_bits;
  }
  const int64_t count = (int64_t)layer->channel_count;
  fputs("<tr><td class=\"first\">", file);
  assay_html_text(file, layer->name);
  fprintf(file, "</td><td class=\"n\">%s of %s</td>", assay_digits(proved).text,
          assay_digits(count).text);
  if (searched > 0) {
    fprintf(file, "<td class=\"n\">%s of %s</td><td class=\"n\">%" PRId32 "</td>",
            assay_digits(exact).text, assay_digits(searched).text, bits);
  } else {
    fputs("<td class=\"n zero\">not searched</td><td class=\"n zero\">not searched</td>", file);
  }
  fprintf(file,
          "<td class=\"n\">%s</td><td class=\"n\">%s to %s</td><td class=\"n\">%" PRId32
          " / %" PRId32 "</td></tr>\n",
          assay_digits(layer->affine ? 0 : count).text, assay_digits(layer->lo).text,
          assay_digits(layer->hi).text, layer->wrap_bits, layer->saturate_bits);
}

void assay_report_certificates(const struct assay_report *report, FILE *file) {
  fputs(
      "<div class=\"scroll\"><table><thead><tr><th>Layer</th><th class=\"n\">Proved equal</th>"
      "<th class=\"n\">Affine exact</th><th class=\"n\">Multiplier bits</th>"
      "<th class=\"n\">On thresholds</th><th class=\"n\">Accumulators</th>"
      "<th class=\"n\">Bits, wrap / saturate</th></tr></thead><tbody>\n",
      file);
  for (size_t i = 0; i < report->layer_count; ++i) write_row(&report->layers[i], file);
  fputs("</tbody></table></div>\n", file);
}

// Step functions //

/** A threshold of a channel, and by how many accumulators affine keeps it; negative: it does not.
 */
struct closest {
  bool found;
  size_t oc;
  int32_t threshold, level;  ///< contract: level from threshold on, level - 1 before
  double margin;             ///< in accumulators
  double crossing;           ///< real accumulator at which acc * M + B reaches level * 2^S
};

/** acc * M + B - level * 2^S at the threshold says on which side of it affine steps. */
static void judge(const struct assay_report_channel *channel, int32_t q_low, size_t oc, int32_t k,
                  struct closest *closest) {
  const struct assay_affine *affine = &channel->lowering.synthesis.affine;
  const int32_t t = channel->list->t[k], level = q_low + k + 1;
  if (t <= channel->lowering.range.lo || t > channel->lowering.range.hi) return;
  const int64_t target = (int64_t)level * ((int64_t)1 << affine->shift);
  const int64_t above = (int64_t)t * affine->multiplier + affine->addend - target;
  const double beyond = (double)above / affine->multiplier;  // accumulators from crossing to t
  const double margin = beyond < 1 - beyond ? beyond : 1 - beyond;
  if (closest->found && margin >= closest->margin) return;
  *closest = (struct closest){true, oc, t, level, margin, (double)t - beyond};
}

static struct closest find_closest(const struct assay_report_layer *layer) {
  struct closest closest = {.found = false};
  for (size_t oc = 0; oc < layer->channel_count; ++oc) {
    const struct assay_report_channel *channel = &layer->channels[oc];
    if (!was_searched(channel)) continue;
    for (int32_t k = 0; k < ASSAY_THRESHOLD_COUNT; ++k) {
      judge(channel, layer->q_low, oc, k, &closest);
    }
  }
  return closest;
}

static double acc_x(const struct closest *c, double acc) {
  return kLeft + (kRight - kLeft) * (acc - (double)c->threshold + kSide + 0.5) / (2 * kSide + 1);
}

/** A staircase of one requantizer; each accumulator is as wide as its column. */
static void plot_stairs(const struct closest *c, const int32_t *outputs, int colour, FILE *file) {
  char step = 'M';
  fprintf(file, "<path class=\"curve c%d\" d=\"", colour);
  for (int i = 0; i <= 2 * kSide; ++i) {
    const double acc = (double)c->threshold - kSide + i;
    const int y = (outputs[i] >= c->level ? kUpper : kLower) + 5 * colour;
    fprintf(file, "%c%.1f %dH%.1f", step, acc_x(c, acc - 0.5), y, acc_x(c, acc + 0.5));
    step = 'L';
  }
  fputs("\"/>", file);
}

static void plot_axes(const struct closest *c, FILE *file) {
  for (int i = 0; i < 2; ++i) {
    fprintf(file, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%" PRId32 "</text>", kLeft - 6,
            (i == 0 ? kUpper : kLower) + 4, c->level - i);
  }
  for (int i = -kSide; i <= kSide; i += 3) {
    fprintf(file, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%" PRId32 "</text>",
            acc_x(c, (double)c->threshold + i), kHeight - 14, c->threshold + i);
  }
  const double x = acc_x(c, c->crossing);
  if (x > kLeft && x < kRight) {
    fprintf(file, "<path class=\"axis\" d=\"M%.1f %dV%d\"/>", x, kUpper - 14, kLower + 20);
  }
}

static void plot_layer(const struct assay_report_layer *layer, FILE *file) {
  const struct closest c = find_closest(layer);
  int32_t contract[2 * kSide + 1], affine[2 * kSide + 1];
  if (!c.found) return;
  const struct assay_report_channel *channel = &layer->channels[c.oc];
  for (int i = 0; i <= 2 * kSide; ++i) {
    const int32_t acc = c.threshold - kSide + i;
    contract[i] = assay_threshold_apply(channel->list, layer->q_low, acc);
    affine[i] = assay_affine_apply(&channel->lowering.synthesis.affine, INT32_MIN, INT32_MAX, acc);
  }
  fprintf(file,
          "<figure class=\"plot\"><svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" "
          "aria-label=\"Output by accumulator, contract and affine\">",
          kWidth, kHeight, kWidth);
  plot_axes(&c, file);
  plot_stairs(&c, contract, 0, file);
  plot_stairs(&c, affine, 1, file);
  fputs("</svg><figcaption>", file);
  assay_html_text(file, layer->name);
  fprintf(file,
          ", channel %zu: acc * M + B reaches %" PRId32
          " * 2^S at accumulator %.7f; the contract "
          "steps at %" PRId32
          ". %s by %.2g accumulators.<span class=\"key c0\"></span>contract"
          "<span class=\"key c1\"></span>affine</figcaption></figure>\n",
          c.oc, c.level, c.crossing, c.threshold, c.margin >= 0 ? "Kept" : "Missed",
          c.margin >= 0 ? c.margin : -c.margin);
}

void assay_report_steps(const struct assay_report *report, FILE *file) {
  fputs(
      "<p class=\"note\">Each layer's channel and threshold that affine keeps most narrowly, or "
      "misses by most. The vertical line is where the hardware's straight line crosses the level; "
      "it must lie behind the last accumulator of the lower output and not behind the first of the "
      "upper one.</p>\n",
      file);
  for (size_t i = 0; i < report->layer_count; ++i) plot_layer(&report->layers[i], file);
}
