/* How every layer of a list of shapes runs on an engine: cycles without weights or scales. No twin.
 */
#include "cli/plan_suite.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/layer_plan.h"
#include "cli/plan_series.h"
#include "cli/text.h"

enum { kKinds = ASSAY_PLAN_SUITE_KINDS };

static const enum assay_requant_kind kKindOf[kKinds] = {
    ASSAY_REQUANT_AFFINE, ASSAY_REQUANT_CORRECTED, ASSAY_REQUANT_THRESHOLD};

/** Sums over layers, of each requantizer. */
struct total {
  int64_t products, cycles[kKinds], param_words[kKinds];
};

/** What a table is made with. */
struct table {
  const struct assay_engine_config *engine;
  bool shown[kKinds];
  struct total convolutions, all;
  struct assay_layer_plan *plans[kKinds];  // [layer_count]
  struct assay_plan_series series[kKinds];
};

static double utilization(const struct assay_engine_config *engine, int64_t products,
                          int64_t cycles) {
  return 100.0 * (double)products /
         ((double)engine->pixels * (double)engine->channels * (double)cycles);
}

// Planning //

/* The cycles depend on the shape and on the kind of requantizer, not on any value: the parameters
 * may be zeros, a list of which never decreases. */
static bool plan_layer(const struct assay_suite_layer *layer,
                       const struct assay_engine_config *engine, enum assay_requant_kind kind,
                       struct assay_layer_plan *plan, struct assay_error *error) {
  static const struct assay_threshold_list list;
  const struct assay_quant quant = {.scale = 1.0, .dtype = ASSAY_QUINT8};
  const struct assay_conv conv = {.shape = layer->shape, .x = quant, .y = quant};
  const size_t count = (size_t)layer->shape.out_c;
  struct assay_lowered_channel *channels = calloc(count, sizeof *channels);
  if (channels == NULL) return assay_error_memory(error);
  for (size_t i = 0; i < count; ++i) channels[i].threshold = &list;
  const struct assay_lowered lowered = {.kind = kind, .out_max = 255, .channels = channels};
  const bool ok =
      assay_layer_plan_make(engine, &conv, &lowered, &layer->at, layer->name, plan, error);
  free(channels);
  return ok;
}

/* Plans every layer before the first line is printed: bad input prints nothing. */
static bool plan_layers(const struct assay_suite *suite, size_t kind, struct table *table,
                        struct assay_error *error) {
  struct assay_layer_plan *plans = calloc(suite->layer_count, sizeof *plans);
  table->plans[kind] = plans;
  if (plans == NULL) return assay_error_memory(error);
  for (size_t i = 0; i < suite->layer_count; ++i) {
    if (!plan_layer(&suite->layers[i], table->engine, kKindOf[kind], &plans[i], error)) {
      return false;
    }
  }
  return assay_plan_series_make(plans, suite->layer_count, &table->series[kind]) ||
         assay_error_memory(error);
}

static void add_total(struct total *total, size_t kind, const struct assay_layer_plan *plan) {
  total->cycles[kind] += (int64_t)plan->cycles.total;
  total->param_words[kind] += (int64_t)plan->words[ASSAY_STREAM_PAR];
}

// Printing //

static void print_heading(const struct table *table) {
  printf("%-26s %13s", "layer", "products");
  for (size_t k = 0; k < kKinds; ++k) {
    if (table->shown[k])
      printf("  %10s cycles    used    most  bound by   parts    ", assay_requant_name(kKindOf[k]));
  }
  printf("\n");
}

/* Fewer cycles than words of the busiest stream, each sent once, are not possible. */
static void print_plan(const struct assay_layer_plan *plan, int64_t products) {
  const struct assay_engine_config *engine = &plan->plans[0].engine;
  const int64_t total = (int64_t)plan->cycles.total;
  const double most = utilization(engine, products, (int64_t)assay_busiest_stream(plan->once));
  char parts[32] = "";
  if (plan->count > 1) snprintf(parts, sizeof parts, "%zu parts", plan->count);
  printf("  %17s %5.1f %% %5.1f %%  %-10s %-9s", assay_digits(total).text,
         utilization(engine, products, total), most < 100.0 ? most : 100.0,
         assay_bound_name(assay_bound_of(&plan->cycles)), parts);
}

static void print_target(double used, int32_t target) {
  if (target > 0) printf("  target %" PRId32 " %%: %s", target, used >= target ? "held" : "MISSED");
}

static void print_layer(const struct assay_suite_layer *layer, size_t index, struct table *table) {
  const int64_t products = assay_conv_macs(&layer->shape);
  printf("%-26s %13s", layer->name, assay_digits(products).text);
  for (size_t k = 0; k < kKinds; ++k) {
    if (!table->shown[k]) continue;
    const struct assay_layer_plan *plan = &table->plans[k][index];
    print_plan(plan, products);
    print_target(utilization(table->engine, products, (int64_t)plan->cycles.total), layer->target);
    if (!layer->linear) add_total(&table->convolutions, k, plan);
    add_total(&table->all, k, plan);
  }
  if (!layer->linear) table->convolutions.products += products;
  table->all.products += products;
  printf("\n");
}

static void print_total(const struct table *table, const char *what, const struct total *total,
                        int32_t target) {
  if (total->products == 0) return;
  printf("%-26s %13s", what, assay_digits(total->products).text);
  for (size_t k = 0; k < kKinds; ++k) {
    if (!table->shown[k]) continue;
    const double used = utilization(table->engine, total->products, total->cycles[k]);
    printf("  %17s %5.1f %%%30s", assay_digits(total->cycles[k]).text, used, "");
    print_target(used, target);
  }
  printf("\n");
}

/* All layers in their order, each set up and its weights loaded while the one before computes. */
static void print_queued(const struct table *table) {
  printf("%-26s %13s", "queued behind each other", assay_digits(table->all.products).text);
  for (size_t k = 0; k < kKinds; ++k) {
    if (!table->shown[k]) continue;
    const struct assay_plan_series *series = &table->series[k];
    const double used = utilization(table->engine, table->all.products, (int64_t)series->cycles);
    printf("  %17s %5.1f %%  weights in time save %-7s ",
           assay_digits((int64_t)series->cycles).text, used,
           assay_digits((int64_t)(series->cycles_late - series->cycles)).text);
  }
  printf("\n");
}

/** What a kind of record costs against the affine ones. */
static void print_cost(const struct total *total, size_t kind) {
  const int64_t more = total->cycles[kind] - total->cycles[0];
  printf("%s records cost %s cycles more (%.1f %%): %s parameter words instead of %s\n",
         assay_requant_name(kKindOf[kind]), assay_digits(more).text,
         100.0 * (double)more / (double)total->cycles[0],
         assay_digits(total->param_words[kind]).text, assay_digits(total->param_words[0]).text);
}

static void print_table(const struct assay_suite *suite, struct table *table) {
  printf("%s: %s\n", suite->name, suite->source);
  printf("engine %s, %" PRId32
         " multipliers; each layer alone, loading and draining included; no "
         "stream stalls\n",
         table->engine->name, table->engine->pixels * table->engine->channels);
  printf(
      "used = products / (multipliers * cycles); most = what the busiest stream allows when "
      "every word is sent once\n\n");
  print_heading(table);
  for (size_t i = 0; i < suite->layer_count; ++i) print_layer(&suite->layers[i], i, table);
  print_total(table, "all convolutions", &table->convolutions, suite->target);
  if (table->all.products != table->convolutions.products) {
    print_total(table, "all layers", &table->all, 0);
  }
  if (suite->target > 0) print_queued(table);  // only a whole network has a target of its own
  for (size_t k = 1; k < kKinds; ++k) {
    if (table->shown[0] && table->shown[k]) print_cost(&table->all, k);
  }
}

bool assay_plan_suite(const struct assay_suite *suite, const struct assay_engine_config *engine,
                      const bool shown[ASSAY_PLAN_SUITE_KINDS], struct assay_error *error) {
  struct table table = {.engine = engine};
  bool ok = true;
  memcpy(table.shown, shown, sizeof table.shown);
  for (size_t k = 0; ok && k < kKinds; ++k) {
    ok = !table.shown[k] || plan_layers(suite, k, &table, error);
  }
  if (ok) print_table(suite, &table);
  for (size_t k = 0; k < kKinds; ++k) {
    for (size_t i = 0; i < suite->layer_count && table.plans[k] != NULL; ++i) {
      assay_layer_plan_free(&table.plans[k][i]);
    }
    free(table.plans[k]);
  }
  return ok;
}
