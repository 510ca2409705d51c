/* Plots of the report as inline SVG. No twin. */
#include "cli/report_plot.h"

#include <math.h>

enum { kWidth = 760, kHeight = 240, kLeft = 64, kRight = 740, kTop = 14, kBottom = 206 };

static double share_of(const struct assay_forum_row *row) {
  return row->reachable > 0 ? (double)row->differing / (double)row->reachable : 0;
}

/** Top of the scale: the greatest share, rounded up to a tenth. */
static double greatest_share(const struct assay_report *report) {
  double greatest = 0;
  for (int i = 0; i < ASSAY_FORUM_ROWS; ++i) {
    greatest = fmax(greatest, share_of(&report->forum[i]));
  }
  return fmax(ceil(10 * greatest), 1) / 10;
}

static double share_y(double share, double greatest) {
  return kBottom - (kBottom - kTop) * share / greatest;
}

static double n_x(int n) {
  return kLeft + 16 +
         (kRight - kLeft - 24) * (double)(n - ASSAY_FORUM_FIRST_N) /
             (ASSAY_FORUM_LAST_N - ASSAY_FORUM_FIRST_N);
}

static void plot_grid(double greatest, FILE *file) {
  for (int i = 0; i <= 4; ++i) {
    const double share = greatest * i / 4;
    const double y = share_y(share, greatest);
    fprintf(file,
            "<path class=\"axis\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" "
            "text-anchor=\"end\">%.3g %%</text>",
            kLeft, y, kRight, kLeft - 6, y + 4, 100 * share);
  }
  for (int n = ASSAY_FORUM_FIRST_N; n <= ASSAY_FORUM_LAST_N; ++n) {
    fprintf(file, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>", n_x(n),
            kBottom + 20, n);
  }
}

static void plot_curve(const struct assay_report *report, int bias, double greatest, FILE *file) {
  char step = 'M';
  fprintf(file, "<path class=\"curve c%d\" d=\"", bias);
  for (int n = ASSAY_FORUM_FIRST_N; n <= ASSAY_FORUM_LAST_N; ++n) {
    const struct assay_forum_row *row = assay_report_forum(report, n, bias);
    if (row->refused > 0) continue;
    fprintf(file, "%c%.1f %.1f", step, n_x(n), share_y(share_of(row), greatest));
    step = 'L';
  }
  fputs("\"/>", file);
}

void assay_plot_forum(const struct assay_report *report, FILE *file) {
  const double greatest = greatest_share(report);
  fprintf(file,
          "<figure class=\"plot\"><svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" "
          "aria-label=\"Share of accumulators that differ, by N\">",
          kWidth, kHeight, kWidth);
  plot_grid(greatest, file);
  for (int bias = 0; bias < ASSAY_FORUM_TREATMENTS; ++bias) {
    plot_curve(report, bias, greatest, file);
  }
  fputs(
      "</svg><figcaption>Share of reachable accumulators that differ, by N."
      "<span class=\"key c0\"></span>bias rounded<span class=\"key c1\"></span>folded"
      "<span class=\"key c2\"></span>int32</figcaption></figure>\n",
      file);
}
