/* Small texts for people: grouped digits, HTML escapes, pictures in a page. No twin. */
#ifndef ASSAY_CLI_TEXT_H_
#define ASSAY_CLI_TEXT_H_

#include <stdint.h>
#include <stdio.h>

/** A number as text; a plain value, so that several fit into one printf. */
struct assay_digits {
  char text[64];
};

/** 1234567 -> "1,234,567". */
struct assay_digits assay_digits(int64_t value);

/** "1 layer", "3 layers": the noun with an s unless count is 1. */
struct assay_digits assay_plural(int64_t count, const char *noun);

/** Prints text with <, >, &, " and ' escaped; fit for content and attributes. */
void assay_html_text(FILE *file, const char *text);

/** Prints an img element of a grey picture [height][width], embedded as BMP. */
void assay_html_picture(FILE *file, const uint8_t *pixels, int32_t height, int32_t width,
                        const char *alternative);

#endif  // ASSAY_CLI_TEXT_H_
