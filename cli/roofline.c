/* A roofline in text. No twin. */
#include "cli/roofline.h"

#include <math.h>
#include <string.h>

enum {
  kColumns = 64,
  kRows = 16,
  kOctaves = 8,  // of the vertical axis: from peak / 2^8 to peak
};

struct assay_roofline_point assay_roofline_point(const struct assay_layer_plan *plan) {
  const double macs = (double)assay_conv_macs(&plan->parts.shape);
  return (struct assay_roofline_point){NULL, macs / (double)assay_busiest_stream(plan->words),
                                       macs / (double)plan->cycles.total};
}

/** The picture: row 0 is the peak, one column is 1/4 octave of intensity around the ridge. */
struct picture {
  char cells[kRows + 1][kColumns + 1];
  double peak;
};

static int within(double value, int last) {
  return value < 0 ? 0 : value > last ? last : (int)lround(value);
}

/** The ridge, where one word a cycle feeds all multipliers, lies in the middle. */
static int column_of(const struct picture *picture, double intensity) {
  return within(kColumns / 2 + 4 * log2(intensity / picture->peak), kColumns - 1);
}

static int row_of(const struct picture *picture, double attained) {
  return within(-log2(attained / picture->peak) * kRows / kOctaves, kRows);
}

static double intensity_of(const struct picture *picture, int column) {
  return picture->peak * exp2((column - kColumns / 2) / 4.0);
}

static void draw_roof(struct picture *picture) {
  for (int row = 0; row <= kRows; ++row) {
    memset(picture->cells[row], ' ', kColumns);
    picture->cells[row][kColumns] = '\0';
  }
  for (int column = 0; column < kColumns; ++column) {
    const double intensity = intensity_of(picture, column);
    if (intensity >= picture->peak) {
      picture->cells[0][column] = '-';
    } else if (intensity * exp2(kOctaves) >= picture->peak) {
      picture->cells[row_of(picture, intensity)][column] = '/';
    }
  }
}

/** Layers are letters; several in one place are a '*'. */
static char letter_of(size_t index) { return index < 26 ? (char)('a' + index) : '+'; }

static void draw_points(struct picture *picture, const struct assay_roofline_point *points,
                        size_t count) {
  for (size_t i = 0; i < count; ++i) {
    char *cell =
        &picture
             ->cells[row_of(picture, points[i].attained)][column_of(picture, points[i].intensity)];
    const bool taken = (*cell >= 'a' && *cell <= 'z') || *cell == '+' || *cell == '*';
    *cell = taken ? '*' : letter_of(i);
  }
}

static void print_legend(FILE *file, const struct assay_roofline_point *points, size_t count,
                         double peak) {
  for (size_t i = 0; i < count; ++i) {
    const double roof = points[i].intensity < peak ? points[i].intensity : peak;
    fprintf(file, "  %c  %-16s %8.1f MAC/word  %6.2f MAC/cycle, %5.1f %% of its roof\n",
            letter_of(i), points[i].name, points[i].intensity, points[i].attained,
            100 * points[i].attained / roof);
  }
}

void assay_print_roofline(FILE *file, const struct assay_roofline_point *points, size_t count,
                          double peak) {
  struct picture picture = {.peak = peak};
  draw_roof(&picture);
  draw_points(&picture, points, count);
  fprintf(file, "MAC per cycle\n");
  for (int row = 0; row <= kRows; ++row) {
    fprintf(file, "%8.2f |%s\n", peak * exp2(-(double)row * kOctaves / kRows), picture.cells[row]);
  }
  fprintf(file, "         +");
  for (int column = 0; column < kColumns; ++column) fputc('-', file);
  fprintf(file, "\n          %-30.6g  %-20.6g %10.6g\n", intensity_of(&picture, 0), peak,
          intensity_of(&picture, kColumns - 1));
  fprintf(file, "          MAC per word of the busiest stream, which moves one word a cycle\n\n");
  print_legend(file, points, count, peak);
}
