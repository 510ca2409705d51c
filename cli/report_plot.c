/* Plots of the report as inline SVG. No twin. */
#include "cli/report_plot.h"

#include <math.h>

enum { kWidth = 760, kHeight = 240, kLeft = 64, kRight = 740, kTop = 14, kBottom = 206 };

/** Log scale from 10^-5 to 100 percent; 0 sits on the axis below. */
static double share_y(double share) {
  const double least = -7;
  const double level = share > 0 ? fmax(log10(share), least) : least - 0.4;
  return kTop + (kBottom - kTop) * (level / (least - 0.4));
}

static double n_x(int row) {
  return kLeft + 16 + (kRight - kLeft - 24) * (double)row / (ASSAY_FORUM_ROWS - 1);
}

static void plot_grid(FILE *file) {
  static const char *const marks[] = {"100 %", "1 %", "0.01 %", "0.0001 %"};
  for (int i = 0; i < 4; ++i) {
    const double y = share_y(pow(10, -2 * i));
    fprintf(file,
            "<path class=\"axis\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" "
            "text-anchor=\"end\">%s</text>",
            kLeft, y, kRight, kLeft - 6, y + 4, marks[i]);
  }
  fprintf(file,
          "<path class=\"axis\" d=\"M%d %dH%d\"/><text x=\"%d\" y=\"%d\" "
          "text-anchor=\"end\">none</text>",
          kLeft, kBottom, kRight, kLeft - 6, kBottom + 4);
  for (int row = 0; row < ASSAY_FORUM_ROWS; ++row) {
    fprintf(file, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>", n_x(row),
            kBottom + 20, ASSAY_FORUM_FIRST_N + row);
  }
}

static void plot_curve(const struct assay_report *report, int bias, FILE *file) {
  char step = 'M';
  fprintf(file, "<path class=\"curve c%d\" d=\"", bias);
  for (int row = 0; row < ASSAY_FORUM_ROWS; ++row) {
    const struct assay_report_forum_cell *cell = &report->forum[row][bias];
    if (!cell->representable) continue;
    fprintf(file, "%c%.1f %.1f", step, n_x(row),
            share_y((double)cell->differing / (double)report->forum_total));
    step = 'L';
  }
  fputs("\"/>", file);
}

void assay_plot_forum(const struct assay_report *report, FILE *file) {
  fprintf(file,
          "<figure><svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" "
          "aria-label=\"Share of accumulators that differ, by N\">",
          kWidth, kHeight, kWidth);
  plot_grid(file);
  for (int bias = 0; bias < 3; ++bias) plot_curve(report, bias, file);
  fputs(
      "</svg><figcaption>Share of reachable accumulators that differ, by N."
      "<span class=\"key c0\"></span>bias rounded<span class=\"key c1\"></span>folded"
      "<span class=\"key c2\"></span>int32</figcaption></figure>\n",
      file);
}
