/* Pictures for the report: the input, every layer's channels, the output. No twin. */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/findings.h"
#include "golden/arithmetic.h"
#include "golden/quantize.h"

enum { kShownChannels = 8, kGreatestSide = 256 };

/** One channel of an NHWC tensor. */
struct plane {
  const uint8_t *tensor;
  int32_t height, width, channels, channel;
  const struct assay_quant *quant;
};

static int32_t value_at(const struct plane *plane, int32_t y, int32_t x) {
  const size_t index = ((size_t)y * (size_t)plane->width + (size_t)x) * (size_t)plane->channels +
                       (size_t)plane->channel;
  return assay_integer_of(plane->tensor[index], plane->quant->dtype);
}

static void find_range(const struct plane *plane, int32_t *least, int32_t *greatest) {
  *least = INT32_MAX;
  *greatest = INT32_MIN;
  for (int32_t y = 0; y < plane->height; ++y) {
    for (int32_t x = 0; x < plane->width; ++x) {
      const int32_t value = value_at(plane, y, x);
      if (value < *least) *least = value;
      if (value > *greatest) *greatest = value;
    }
  }
}

/** Every step-th pixel, so that no side is longer than kGreatestSide. */
static int32_t step_of(const struct plane *plane) {
  const int32_t side = assay_greater(plane->height, plane->width);
  return assay_ceil_div(side, kGreatestSide);
}

static bool draw(const struct plane *plane, struct assay_report_picture *picture) {
  int32_t least, greatest;
  const int32_t step = step_of(plane);
  find_range(plane, &least, &greatest);
  picture->height = assay_ceil_div(plane->height, step);
  picture->width = assay_ceil_div(plane->width, step);
  picture->pixels = malloc((size_t)picture->height * (size_t)picture->width);
  if (picture->pixels == NULL) return false;
  uint8_t *pixel = picture->pixels;
  const int32_t span = greatest > least ? greatest - least : 1;
  for (int32_t y = 0; y < plane->height; y += step) {
    for (int32_t x = 0; x < plane->width; x += step) {
      *pixel++ = (uint8_t)((value_at(plane, y, x) - least) * 255 / span);
    }
  }
  snprintf(picture->caption, sizeof picture->caption, "%" PRId32 " to %" PRId32, least, greatest);
  return true;
}

static bool add_picture(struct assay_report *report, const struct plane *plane, bool large,
                        const char *group, const char *title) {
  if (report->picture_count == ASSAY_REPORT_PICTURES) return true;
  struct assay_report_picture *picture = &report->pictures[report->picture_count];
  if (!draw(plane, picture)) return false;
  ++report->picture_count;
  picture->large = large;
  picture->group = group;
  snprintf(picture->title, sizeof picture->title, "%s", title);
  return true;
}

static struct plane input_plane(const struct assay_layer_values *values) {
  const struct assay_conv *conv = &values->layer->conv;
  return (struct plane){values->x, conv->shape.in_y, conv->shape.in_x, conv->shape.in_c,
                        0,         &conv->x};
}

static struct plane output_plane(const struct assay_layer_values *values, int32_t channel) {
  const struct assay_conv *conv = &values->layer->conv;
  return (struct plane){values->y,
                        assay_conv_out_y(&conv->shape),
                        assay_conv_out_x(&conv->shape),
                        conv->shape.out_c,
                        channel,
                        &conv->y};
}

static bool add_layer(struct assay_report *report, const struct assay_layer_values *values) {
  for (int32_t c = 0; c < values->layer->conv.shape.out_c && c < kShownChannels; ++c) {
    char title[64];
    const struct plane plane = output_plane(values, c);
    snprintf(title, sizeof title, "channel %" PRId32, c);
    if (!add_picture(report, &plane, false, values->layer->name, title)) return false;
  }
  return true;
}

bool assay_findings_pictures(const struct assay_findings *findings, struct assay_error *error) {
  const struct assay_values *values = &findings->evidence->jobs.expected;
  const struct plane input = input_plane(&values->layers[0]);
  const struct plane output = output_plane(&values->layers[values->layer_count - 1], 0);
  bool ok = add_picture(findings->report, &input, true, "ends", "input, quantized") &&
            add_picture(findings->report, &output, true, "ends", "output");
  for (size_t i = 0; ok && i + 1 < values->layer_count; ++i) {
    ok = add_layer(findings->report, &values->layers[i]);
  }
  return ok || assay_error_memory(error);
}
