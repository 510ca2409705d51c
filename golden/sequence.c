/* Layers one after the other: weight memory and cycles. No twin. */
#include "golden/sequence.h"

#include "golden/arithmetic.h"
#include "golden/cycles_private.h"
#include "golden/registers.h"
#include "golden/sequencer.h"

static int32_t weights_end(const struct assay_plan *plan) {
  return plan->weight_base + plan->weight_slots * assay_slot_words(plan);
}

bool assay_weights_apart(const struct assay_plan *a, const struct assay_plan *b) {
  return weights_end(a) <= b->weight_base || weights_end(b) <= a->weight_base;
}

void assay_plan_place(struct assay_plan *plan, int32_t weight_base) {
  plan->weight_base = weight_base;
  for (size_t i = 0; i < plan->write_count; i++) {
    if (plan->writes[i].address == ASSAY_REG_WEIGHT_BASE) {
      plan->writes[i].value = (uint32_t)weight_base;
    }
  }
}

void assay_plan_follow(struct assay_plan *plan, const struct assay_plan *before) {
  const int32_t words = plan->weight_slots * assay_slot_words(plan);
  const int32_t depth = plan->engine.weight_depth;
  const bool above = before && before->weight_base < words && words <= depth - weights_end(before);
  assay_plan_place(plan, above ? depth - words : 0);
}

/* Clock cycles in the life of a layer (assay_control, assay_weights). */
struct life {
  uint64_t settle;   // it becomes the running layer
  uint64_t run;      // first cycle of running: two later
  uint64_t weights;  // its last weight word is in: the stream is free for the next layer
  uint64_t done;
};

/* Its description is copied a cycle after the start, or after the place behind the running layer is
 * free; from there to a legal layer it takes what it takes on an idle engine. */
static uint64_t set_up(const struct assay_plan *plan, const struct life *before, uint64_t started) {
  const uint64_t take = before ? assay_later(started, before->settle) + 1 : started + 1;
  return take + assay_setup_cycles(plan) - 3;
}

/* Cycle in which assay_weights turns to the layer: at the latest when it becomes the running one.
 */
static uint64_t turn(const struct assay_plan *plan, const struct assay_plan *previous,
                     const struct life *before, uint64_t ready, uint64_t settle) {
  if (!before || !assay_weights_apart(plan, previous)) return settle;
  const uint64_t early = assay_later(ready, before->weights);
  return early < settle ? early : settle;
}

static struct life predict(const struct assay_plan *plan, const struct assay_plan *previous,
                           const struct life *before, uint64_t started,
                           struct assay_cycles *cycles) {
  struct life life = {0};
  const uint64_t ready = set_up(plan, before, started);
  life.settle = before ? assay_later(ready, before->done + 1) : ready;
  life.run = life.settle + 2;
  const uint64_t turned = turn(plan, previous, before, ready, life.settle);
  int64_t end = 0;
  *cycles = assay_predict_run(plan, (int64_t)turned - (int64_t)life.settle, &end);
  life.weights = (uint64_t)((int64_t)life.run + end);
  life.done = life.run + cycles->total;
  const uint64_t begin = before ? assay_later(started, before->done) : started;
  cycles->setup = life.run - begin;
  cycles->total += cycles->setup;
  return life;
}

uint64_t assay_predict_sequence(const struct assay_plan *const *plans, size_t count,
                                const uint64_t *started, struct assay_cycles *cycles) {
  struct life before = {0};
  for (size_t i = 0; i < count; i++) {
    struct assay_cycles of_layer;
    before = predict(plans[i], i > 0 ? plans[i - 1] : NULL, i > 0 ? &before : NULL,
                     started ? started[i] : before.settle, &of_layer);
    if (cycles) cycles[i] = of_layer;
  }
  return before.done - (started ? started[0] : 0);
}
