/* A failure of the co-simulation as text: place, cycle, values, accumulator trail, replay command.
 * No twin. */
#include "sim/mismatch.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Text that grows into a bounded buffer; `length` counts what it would need. */
struct text {
  char *bytes;
  size_t size;
  size_t length;
};

__attribute__((format(printf, 2, 3))) static void append(struct text *text, const char *format,
                                                         ...) {
  const size_t left = text->length < text->size ? text->size - text->length : 0;
  va_list arguments;
  va_start(arguments, format);
  const int written =
      vsnprintf(left > 0 ? text->bytes + text->length : NULL, left, format, arguments);
  va_end(arguments);
  if (written > 0) text->length += (size_t)written;
}

/* A value with as many hexadecimal digits as its stage has. */
static void append_value(struct text *text, enum assay_stage stage, int64_t value) {
  if (stage == ASSAY_STAGE_ACC) {
    append(text, "0x%08" PRIx32 " (%" PRId64 ")", (uint32_t)value, value);
  } else {
    append(text, "0x%02" PRIx32 " (%" PRId64 ")", (uint32_t)value & 0xFFu, value);
  }
}

static void append_values(struct text *text, const struct assay_failure *failure) {
  append(text, ": expected ");
  append_value(text, failure->stage, failure->expected);
  append(text, ", found ");
  append_value(text, failure->stage, failure->actual);
}

static void append_place(struct text *text, const struct assay_failure *failure) {
  append(text, "layer %s (%" PRId32 ") at n %" PRId32, failure->layer, failure->layer_index,
         failure->n);
  if (failure->stage != ASSAY_STAGE_NONE && failure->kind != ASSAY_FAILURE_EXTRA &&
      failure->kind != ASSAY_FAILURE_UNSTABLE && failure->kind != ASSAY_FAILURE_WITHDRAWN) {
    append(text, ", y %" PRId32 ", x %" PRId32 ", c %" PRId32, failure->y, failure->x, failure->c);
  }
  append(text, ", cycle %" PRIu64 " (%" PRIu64 " of the layer)", failure->cycle,
         failure->layer_cycle);
}

static void append_what(struct text *text, const struct assay_failure *failure) {
  switch (failure->kind) {
    case ASSAY_FAILURE_VALUE:
    case ASSAY_FAILURE_PADDING:
      append_values(text, failure);
      break;
    case ASSAY_FAILURE_MISSING:
      append(text, ": this vector never came");
      break;
    case ASSAY_FAILURE_EXTRA:
      append(text, ": a beat after the layer's last");
      break;
    case ASSAY_FAILURE_DUPLICATE:
      append(text, ": this vector came before");
      break;
    case ASSAY_FAILURE_OUTSIDE:
      append(text, ": this place is not in the layer");
      break;
    case ASSAY_FAILURE_ORDER:
      append(text, ": vector %" PRId64 " came where %" PRId64 " was due", failure->actual,
             failure->expected);
      break;
    case ASSAY_FAILURE_LAST:
      append(text, ": tlast is %" PRId64 ", expected %" PRId64, failure->actual, failure->expected);
      break;
    case ASSAY_FAILURE_UNSTABLE:
      append(text, ": the payload changed while stalled");
      break;
    case ASSAY_FAILURE_WITHDRAWN:
      append(text, ": tvalid fell before tready");
      break;
    case ASSAY_FAILURE_UNREAD:
      append(text, ": port %s took %" PRId64 " of %" PRId64 " words",
             assay_port_name(failure->port), failure->actual, failure->expected);
      break;
    case ASSAY_FAILURE_BUS:
      append(text, ": AXI4-Lite did not answer OKAY (response %" PRId64 ")", failure->actual);
      break;
    case ASSAY_FAILURE_STATUS:
    case ASSAY_FAILURE_TIMEOUT:
      append(text, ": STATUS is 0x%08" PRIx64, (uint64_t)failure->actual);
      break;
  }
}

static void append_line(struct text *text, const struct assay_failure *failure) {
  if (failure->stage != ASSAY_STAGE_NONE) append(text, "%s: ", assay_stage_name(failure->stage));
  append(text, "%s in ", assay_failure_name(failure->kind));
  append_place(text, failure);
  append_what(text, failure);
}

static void append_step(struct text *text, int64_t number, const struct assay_trail_step *step) {
  append(text,
         "    %5" PRId64 ": ky %" PRId32 " kx %" PRId32 " ic %3" PRId32 "  x %4" PRId32
         "%s * w %4" PRId32 "  row %" PRId32 " = %" PRId32 "\n",
         number, step->ky, step->kx, step->ic, step->x, step->padded ? " (padded)" : "", step->w,
         step->row, step->partial);
}

static void append_steps(struct text *text, const struct assay_mismatch_context *context,
                         const struct assay_trail_step *steps, int64_t count) {
  const bool given = context->trail_head + context->trail_tail > 0;
  const int64_t head = given ? (int64_t)context->trail_head : 4;
  const int64_t tail = given ? (int64_t)context->trail_tail : 4;
  for (int64_t i = 0; i < count; ++i) {
    if (i == head && head + tail < count) {
      append(text, "    ... %" PRId64 " more\n", count - head - tail);
      i = count - tail;
      if (i == count) break;
    }
    append_step(text, i, &steps[i]);
  }
}

static void append_requantizer(struct text *text, const struct assay_lowered *lowered, int32_t oc) {
  const struct assay_affine *affine = &lowered->channels[oc].affine;
  if (lowered->kind == ASSAY_REQUANT_THRESHOLD) return;
  append(text,
         "  requantizer: clamp((acc * %" PRId32 " + %" PRId64 ") >> %" PRId32 ", %" PRId32
         ", %" PRId32 ")%s\n",
         affine->multiplier, affine->addend, affine->shift, lowered->out_min, lowered->out_max,
         lowered->kind == ASSAY_REQUANT_CORRECTED ? ", then the correction" : "");
}

static bool has_trail(const struct assay_failure *failure,
                      const struct assay_mismatch_context *context) {
  return failure->kind == ASSAY_FAILURE_VALUE && context->plan != NULL && context->x != NULL &&
         context->weight != NULL && context->lowered != NULL;
}

static void append_trail(struct text *text, const struct assay_failure *failure,
                         const struct assay_mismatch_context *context) {
  const int64_t count = assay_conv_taps(&context->plan->shape);
  struct assay_trail_step *steps = calloc((size_t)count, sizeof *steps);
  if (steps == NULL) return;
  const struct assay_part whole = {0};
  const struct assay_part *part = context->part != NULL ? context->part : &whole;
  const int32_t oc = failure->c - part->oc;
  const int32_t acc_init = context->lowered->channels[oc].acc_init;
  const int32_t acc = assay_engine_trail(context->plan, context->x, context->weight, acc_init,
                                         failure->y - part->y, failure->x - part->x, oc, steps);
  append(text, "  accumulator: starts at %" PRId32 ", %" PRId64 " products\n", acc_init, count);
  append_steps(text, context, steps, count);
  append(text, "    acc = 0x%08" PRIx32 " (%" PRId32 ")\n", (uint32_t)acc, acc);
  append_requantizer(text, context->lowered, oc);
  free(steps);
}

size_t assay_mismatch_line(const struct assay_failure *failure, char *text, size_t size) {
  struct text line = {text, size, 0};
  append_line(&line, failure);
  return line.length + 1;
}

size_t assay_mismatch_text(const struct assay_failure *failure,
                           const struct assay_mismatch_context *context, char *text, size_t size) {
  struct text lines = {text, size, 0};
  append_line(&lines, failure);
  append(&lines, "\n");
  if (has_trail(failure, context)) append_trail(&lines, failure, context);
  if (context->replay != NULL) append(&lines, "  replay: %s\n", context->replay);
  return lines.length + 1;
}
