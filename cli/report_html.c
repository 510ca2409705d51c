/* Writes report.html: one page that opens offline, without scripts. No twin. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/report.h"
#include "cli/report_css.h"
#include "cli/report_plot.h"
#include "cli/report_steps.h"
#include "cli/text.h"
#include "golden/correct.h"

/** Prints a table head: names with commas between them; a name that starts with '#' is a number. */
static void table_head(FILE *file, const char *names) {
  fputs("<div class=\"scroll\"><table><thead><tr>", file);
  for (const char *name = names; *name != '\0';) {
    const size_t length = strcspn(name, ",");
    const bool number = *name == '#';
    fprintf(file, "<th%s>%.*s</th>", number ? " class=\"n\"" : "", (int)length - number,
            name + number);
    name += length;
    if (*name == ',') ++name;
  }
  fputs("</tr></thead><tbody>\n", file);
}

static void table_end(FILE *file) { fputs("</tbody></table></div>\n", file); }

static void cell(FILE *file, const char *class_name, const char *text) {
  fprintf(file, "<td class=\"%s\">", class_name);
  assay_html_text(file, text);
  fputs("</td>", file);
}

static void number_cell(FILE *file, int64_t value) { cell(file, "n", assay_digits(value).text); }

/** A count that ought to be zero. */
static void fault_cell(FILE *file, int64_t value) {
  cell(file, value == 0 ? "n zero" : "n bad", assay_digits(value).text);
}

static void element(FILE *file, const char *name, const char *text) {
  fprintf(file, "<%s>", name);
  assay_html_text(file, text);
  fprintf(file, "</%.*s>\n", (int)strcspn(name, " "), name);
}

// Head //

static void write_fact(FILE *file, const char *name, const char *value) {
  fputs("<div>", file);
  element(file, "dt", name);
  element(file, "dd", value);
  fputs("</div>", file);
}

static void write_head(const struct assay_report *report, FILE *file) {
  char seed[24];
  snprintf(seed, sizeof seed, "%" PRId64, report->seed);
  fputs(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
      file);
  assay_html_text(file, report->verdict);
  fputs(" ", file);
  assay_html_text(file, report->network);
  fprintf(file, " - Assay</title>\n<style>\n%s</style></head><body>\n<header>", report_css);
  element(file, "p class=\"brand\"", "Assay sign-off report");
  fputs("<h1>", file);
  assay_html_text(file, report->network);
  fprintf(file, "<span class=\"verdict %s\">", report->pass ? "pass" : "fail");
  assay_html_text(file, report->verdict);
  fputs("</span></h1>\n", file);
  element(file, "p", report->weakest);
  fputs("<dl class=\"facts\">", file);
  write_fact(file, "Contract", report->contract);
  write_fact(file, "Numbers from", report->provenance);
  write_fact(file, "Engine", report->engine);
  write_fact(file, "Requantizer", report->requantizer);
  write_fact(file, "Seed", seed);
  fputs("</dl></header>\n", file);
}

// Chain of evidence //

static void write_link(const struct assay_report_link *link, FILE *file) {
  const char *strength = assay_strength_text(link->strength);
  fprintf(file, "<div class=\"link %s\"><b>%s</b><i></i><span>", strength, strength);
  assay_html_text(file, link->figure);
  fputs("</span></div>", file);
}

static void write_chain(const struct assay_report *report, FILE *file) {
  fputs("<h2>Chain of evidence</h2>\n<div class=\"chain\">", file);
  for (size_t i = 0; i < report->link_count; ++i) {
    const struct assay_report_link *link = &report->links[i];
    if (!link->in_picture) continue;
    fputs("<div class=\"node\">", file);
    assay_html_text(file, link->left);
    fputs("</div>", file);
    write_link(link, file);
  }
  fputs("<div class=\"node\">RTL</div></div>\n", file);
  table_head(file, "Link,Strength,What holds,How it was established");
  for (size_t i = 0; i < report->link_count; ++i) {
    const struct assay_report_link *link = &report->links[i];
    const char *strength = assay_strength_text(link->strength);
    fputs("<tr><td class=\"first\">", file);
    assay_html_text(file, link->left);
    fputs(link->in_picture ? " =<br>" : "<br>", file);
    assay_html_text(file, link->right);
    fputs("</td>", file);
    cell(file, strength, strength);
    cell(file, "", link->claim);
    cell(file, "", link->method);
    fputs("</tr>\n", file);
  }
  table_end(file);
}

// Pictures //

static void write_picture(const struct assay_report_picture *picture, FILE *file) {
  fputs("<figure>", file);
  assay_html_picture(file, picture->pixels, picture->height, picture->width, picture->title);
  fputs("<figcaption><b>", file);
  assay_html_text(file, picture->title);
  fputs("</b><br>", file);
  assay_html_text(file, picture->caption);
  fputs("</figcaption></figure>\n", file);
}

static void write_pictures(const struct assay_report *report, FILE *file) {
  const char *group = NULL;
  if (report->picture_count == 0) return;
  fputs("<h2>What went through</h2>\n", file);
  element(file, "p class=\"note\"",
          "Integers of the first image, stretched from black to white over the range below each "
          "picture.");
  for (size_t i = 0; i < report->picture_count; ++i) {
    const struct assay_report_picture *picture = &report->pictures[i];
    if (picture->group != group) {
      if (group != NULL) fputs("</div>\n", file);
      if (!picture->large) element(file, "h3", picture->group);
      fprintf(file, "<div class=\"pictures%s\">", picture->large ? " large" : "");
      group = picture->group;
    }
    write_picture(picture, file);
  }
  fputs("</div>\n", file);
}

// Layers //

static double utilization(const struct assay_report *report, int64_t macs, uint64_t cycles) {
  if (cycles == 0) return 0;
  return (double)macs / ((double)report->multipliers * (double)cycles);
}

static void bar_cell(FILE *file, double share) {
  fprintf(
      file,
      "<td class=\"n\"><span class=\"bar\"><span style=\"width:%.1f%%\"></span></span>%.1f %%</td>",
      100 * fmin(share, 1), 100 * share);
}

static void write_layer_row(const struct assay_report *report,
                            const struct assay_report_layer *layer, FILE *file) {
  fputs("<tr>", file);
  cell(file, "first", layer->name);
  cell(file, "", layer->geometry);
  cell(file, "", layer->mode);
  cell(file, "", layer->requantizer);
  number_cell(file, layer->parts);
  number_cell(file, layer->taps);
  fprintf(file, "<td class=\"n\">%s to %s</td><td class=\"n\">%" PRId32 " / %" PRId32 "</td>",
          assay_digits(layer->lo).text, assay_digits(layer->hi).text, layer->wrap_bits,
          layer->saturate_bits);
  number_cell(file, (int64_t)layer->planned_cycles);
  bar_cell(file, utilization(report, layer->macs, layer->planned_cycles));
  fputs("</tr>\n", file);
}

static void write_layers(const struct assay_report *report, FILE *file) {
  fputs("<h2>Layers</h2>\n", file);
  element(
      file, "p class=\"note\"",
      "Accumulator: exact bounds over every possible input, from the real weights. Bits: least "
      "safe width of a wrapping adder / of a saturating or C adder, every partial sum in the "
      "engine's order counted. Cycles and utilization as planned for streams that never stall.");
  table_head(
      file,
      "Layer,Geometry,Array,Requantizer,#Parts,#Taps,#Accumulator,#Bits,#Cycles,#Utilization");
  for (size_t i = 0; i < report->layer_count; ++i) {
    write_layer_row(report, &report->layers[i], file);
  }
  table_end(file);
}

// Co-simulation //

static void write_run_row(const struct assay_report *report, const struct assay_report_layer *layer,
                          const struct assay_report_run *run, bool first, FILE *file) {
  fprintf(file, "<tr%s>", first ? " class=\"group\"" : "");
  cell(file, "first", first ? layer->name : "");
  fprintf(file, "<td class=\"n\">%" PRId32 " %%</td><td class=\"n\">%" PRId32 "</td>", run->stalls,
          run->state);
  for (int stage = 0; stage < ASSAY_REPORT_STAGES; ++stage) {
    const bool whole = run->compared[stage] == run->expected;
    cell(file, whole ? "n" : "n bad", assay_digits((int64_t)run->compared[stage]).text);
  }
  fault_cell(file, (int64_t)run->mismatches);
  number_cell(file, (int64_t)run->cycles);
  fprintf(file, "<td class=\"n\">%.1f %%</td></tr>\n",
          100 * utilization(report, layer->macs, run->cycles));
}

static void write_first_mismatches(const struct assay_report *report, FILE *file) {
  for (size_t i = 0; i < report->layer_count; ++i) {
    for (size_t r = 0; r < report->layers[i].run_count; ++r) {
      const char *first = report->layers[i].runs[r].first;
      if (first[0] != '\0') element(file, "pre", first);
    }
  }
}

static void write_runs(const struct assay_report *report, FILE *file) {
  fputs("<h2>Co-simulation, stage by stage</h2>\n", file);
  element(file, "p class=\"note\"",
          "Values compared with the golden model, read from the RTL's own registers and matched by "
          "the coordinates that the RTL emits. A stage that compares one value too few or too many "
          "fails. Stalls: chance on every port in every cycle. State: number of the random initial "
          "state of all registers.");
  table_head(
      file,
      "Layer,#Stalls,#State,#Accumulators,#Requantized,#Outputs,#Mismatches,#Cycles,#Utilization");
  for (size_t i = 0; i < report->layer_count; ++i) {
    const struct assay_report_layer *layer = &report->layers[i];
    for (size_t r = 0; r < layer->run_count; ++r) {
      write_run_row(report, layer, &layer->runs[r], r == 0, file);
    }
  }
  table_end(file);
  write_first_mismatches(report, file);
}

// Contract against parameters //

static void write_affine_cells(const struct assay_report_channel *channel, FILE *file) {
  const struct assay_affine *affine = &channel->affine;
  fprintf(file,
          "<td class=\"n mono\">%" PRId32 "</td><td class=\"n\">%" PRId32
          "</td><td class=\"n mono\">%" PRId64 "</td><td class=\"n mono\">%" PRId32 "</td>",
          affine->multiplier, assay_multiplier_bits(affine->multiplier), affine->addend,
          affine->shift);
  number_cell(file, assay_late_count(&channel->late));
}

/** What the search for affine parameters found, whichever requantizer the layer takes. */
static void write_affine_verdict(const struct assay_report_channel *channel, FILE *file) {
  const struct assay_synthesis *synthesis = &channel->lowering.synthesis;
  char text[64];
  if (synthesis->multipliers_searched == 0 && synthesis->affine.multiplier == 0) {
    cell(file, "zero", "not searched");
  } else if (synthesis->verdict == ASSAY_SYNTHESIS_EXACT) {
    cell(file, "proved", "exact");
  } else {
    snprintf(text, sizeof text, "%s, best: %" PRId64,
             synthesis->verdict == ASSAY_SYNTHESIS_WIDE ? "needs more bits" : "none exact",
             synthesis->differing);
    cell(file, "open", text);
  }
}

static void write_channel_row(const struct assay_report_layer *layer, size_t oc, FILE *file) {
  const struct assay_report_channel *channel = &layer->channels[oc];
  fprintf(file, "<tr%s>", oc == 0 ? " class=\"group\"" : "");
  cell(file, "first", oc == 0 ? layer->name : "");
  number_cell(file, (int64_t)oc);
  fprintf(file, "<td class=\"n\">%s to %s</td>", assay_digits(channel->lowering.range.lo).text,
          assay_digits(channel->lowering.range.hi).text);
  number_cell(file, channel->acc_init);
  number_cell(file, channel->steps);
  write_affine_cells(channel, file);
  write_affine_verdict(channel, file);
  if (channel->lowering.differing < 0) {
    cell(file, "n open", "open");
  } else {
    fault_cell(file, channel->lowering.differing);
  }
  fputs("</tr>\n", file);
}

static void write_differences(const struct assay_report_layer *layer, FILE *file) {
  for (size_t oc = 0; oc < layer->channel_count; ++oc) {
    const struct assay_report_channel *channel = &layer->channels[oc];
    for (size_t i = 0; i < channel->difference_count && i < ASSAY_REPORT_DIFFERENCES; ++i) {
      const struct assay_difference *d = &channel->differences[i];
      fprintf(file,
              "<p class=\"mono\">%s, channel %zu: accumulators %" PRId32 " to %" PRId32
              ": contract %" PRId32 ", parameters %" PRId32 "</p>\n",
              layer->name, oc, d->first, d->last, d->y_a, d->y_b);
    }
  }
}

static void write_waiver(const struct assay_report_layer *layer, FILE *file) {
  write_differences(layer, file);
  if (layer->waived == 0) return;
  fprintf(file, "<p><b>Waived in %s: %s.</b> ", layer->name, assay_digits(layer->waived).text);
  assay_html_text(file, layer->waiver_reason);
  fputs("</p>\n", file);
}

static void write_channels(const struct assay_report *report, FILE *file) {
  fputs("<h2>Contract and hardware parameters, channel by channel</h2>\n<p class=\"note\">", file);
  fputs(
      "Affine requantizer: <code>y = clamp((acc * M + B) &gt;&gt; S)</code>. Steps: outputs that "
      "begin inside the reachable interval. Affine: whether these numbers equal the contract on "
      "every reachable accumulator; a layer with a channel that has none takes them with a "
      "correction, which delays the late levels by one accumulator, or the list of "
      "thresholds. Differing: reachable accumulators at which the requantizer that the layer takes "
      "differs, decided by comparing thresholds, not by sampling.</p>\n",
      file);
  assay_report_certificates(report, file);
  table_head(file,
             "Layer,#Channel,#Reachable "
             "accumulators,#acc_init,#Steps,#M,#Bits,#B,#S,#Late,Affine,#Differing");
  for (size_t i = 0; i < report->layer_count; ++i) {
    for (size_t oc = 0; oc < report->layers[i].channel_count; ++oc) {
      write_channel_row(&report->layers[i], oc, file);
    }
  }
  table_end(file);
  for (size_t i = 0; i < report->layer_count; ++i) write_waiver(&report->layers[i], file);
  assay_report_steps(report, file);
}

static void write_threshold_list(const struct assay_report_channel *channel, FILE *file) {
  fputs("<p class=\"list mono\">", file);
  for (int k = 0; k < 255; ++k) {
    if (channel->list->t[k] == INT32_MIN) {
      fputs("- ", file);
    } else if (channel->list->t[k] == INT32_MAX) {
      fputs("+ ", file);
    } else {
      fprintf(file, "%" PRId32 " ", channel->list->t[k]);
    }
  }
  fputs("</p>\n", file);
}

static void write_thresholds(const struct assay_report *report, FILE *file) {
  fputs("<h2>Thresholds of the contract</h2>\n", file);
  element(file, "p class=\"note\"",
          "The 255 least accumulators of each output value above the least: the normal form of the "
          "contract on a channel. - stands for always reached, + for never.");
  for (size_t i = 0; i < report->layer_count; ++i) {
    const struct assay_report_layer *layer = &report->layers[i];
    fputs("<details><summary>", file);
    assay_html_text(file, layer->name);
    fprintf(file, ", %s</summary>\n", assay_plural((int64_t)layer->channel_count, "channel").text);
    for (size_t oc = 0; oc < layer->channel_count; ++oc) {
      fprintf(file, "<h3>channel %zu</h3>", oc);
      write_threshold_list(&layer->channels[oc], file);
    }
    fputs("</details>\n", file);
  }
}

// Forum formula //

static void write_forum_cells(const struct assay_forum_row *row, FILE *file) {
  if (row->refused > 0) {
    fprintf(file, "<td class=\"n zero\" colspan=\"2\">does not fit: %s</td>",
            assay_plural(row->refused, "channel").text);
    return;
  }
  fprintf(file, "<td class=\"n%s\">%s (%.2f %%)</td>", row->differing == 0 ? " proved" : "",
          assay_digits(row->differing).text,
          100.0 * (double)row->differing / (double)row->reachable);
  number_cell(file, row->max_lsb);
}

static int64_t most_reachable(const struct assay_report *report) {
  int64_t most = 0;
  for (int i = 0; i < ASSAY_FORUM_ROWS; ++i) {
    if (report->forum[i].reachable > most) most = report->forum[i].reachable;
  }
  return most;
}

static void write_forum(const struct assay_report *report, FILE *file) {
  fputs("<h2>What the shift formula costs</h2>\n<p class=\"note\">", file);
  fprintf(file,
          "<code>y = ((2^N * x_scale*w_scale/y_scale) * acc + bias) &gt;&gt; N + y_zp</code> with "
          "rounded integers: of all %s reachable accumulators of the network, how many get another "
          "output than the contract's, by N and by the treatment of the bias; and the greatest "
          "difference of two outputs.</p>\n",
          assay_digits(most_reachable(report)).text);
  assay_plot_forum(report, file);
  table_head(file,
             "#N,#bias rounded in output units,#max,#bias folded at 2^N,#max,"
             "#bias int32 at x_scale*w_scale,#max");
  for (int32_t n = ASSAY_FORUM_FIRST_N; n <= ASSAY_FORUM_LAST_N; ++n) {
    fprintf(file, "<tr><td class=\"n first\">%" PRId32 "</td>", n);
    for (int bias = 0; bias < ASSAY_FORUM_TREATMENTS; ++bias) {
      write_forum_cells(assay_report_forum(report, n, bias), file);
    }
    fputs("</tr>\n", file);
  }
  table_end(file);
}

// Provenance //

static void write_provenance(const struct assay_report *report, FILE *file) {
  fputs(
      "<h2>Provenance</h2>\n<p class=\"note\">This command repeats the run; the same bytes come "
      "out.</p>\n",
      file);
  element(file, "pre", report->command);
  table_head(file, "What,Value");
  for (size_t i = 0; i < report->fact_count; ++i) {
    fputs("<tr>", file);
    cell(file, "first", report->facts[i].name);
    cell(file, "mono", report->facts[i].value);
    fputs("</tr>\n", file);
  }
  table_end(file);
}

void assay_report_html(const struct assay_report *report, FILE *file) {
  write_head(report, file);
  write_chain(report, file);
  write_pictures(report, file);
  write_layers(report, file);
  write_runs(report, file);
  write_channels(report, file);
  write_forum(report, file);
  write_thresholds(report, file);
  write_provenance(report, file);
  fputs("</body></html>\n", file);
}
