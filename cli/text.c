/* Small texts for people: grouped digits, HTML escapes, pictures in a page. No twin. */
#include "cli/text.h"

#include <inttypes.h>
#include <string.h>

struct assay_digits assay_digits(int64_t value) {
  struct assay_digits digits = {{0}};
  char plain[24];
  const uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  const int count = snprintf(plain, sizeof plain, "%" PRIu64, magnitude);
  char *out = digits.text;
  if (value < 0) *out++ = '-';
  for (int i = 0; i < count; ++i) {
    if (i > 0 && (count - i) % 3 == 0) *out++ = ',';
    *out++ = plain[i];
  }
  return digits;
}

struct assay_digits assay_plural(int64_t count, const char *noun) {
  struct assay_digits result = assay_digits(count);
  const size_t used = strlen(result.text);
  snprintf(result.text + used, sizeof result.text - used, " %s%s", noun, count == 1 ? "" : "s");
  return result;
}

void assay_html_text(FILE *file, const char *text) {
  for (; *text != '\0'; ++text) {
    switch (*text) {
      case '<':
        fputs("&lt;", file);
        break;
      case '>':
        fputs("&gt;", file);
        break;
      case '&':
        fputs("&amp;", file);
        break;
      case '"':
        fputs("&quot;", file);
        break;
      case '\'':
        fputs("&#39;", file);
        break;
      default:
        fputc(*text, file);
    }
  }
}

// Base64 (RFC 4648), byte by byte //

struct base64 {
  FILE *file;
  uint32_t bits;
  int count;
};

static void base64_flush(struct base64 *b) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (b->count == 0) return;
  const uint32_t bits = b->bits << (8 * (3 - b->count));
  for (int i = 0; i < 4; ++i) {
    fputc(i <= b->count ? digits[(bits >> (18 - 6 * i)) & 63] : '=', b->file);
  }
  b->bits = 0;
  b->count = 0;
}

static void base64_byte(struct base64 *b, uint32_t byte) {
  b->bits = b->bits << 8 | (byte & 255);
  if (++b->count == 3) base64_flush(b);
}

static void base64_little_endian(struct base64 *b, uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) base64_byte(b, value >> (8 * i));
}

// BMP with a grey palette: rows from the bottom, each padded to four bytes //

enum { kFileHeader = 14, kInfoHeader = 40, kPalette = 1024 };

static void write_bmp_header(struct base64 *b, uint32_t height, uint32_t width, uint32_t stride) {
  const uint32_t offset = kFileHeader + kInfoHeader + kPalette;
  base64_byte(b, 'B');
  base64_byte(b, 'M');
  base64_little_endian(b, offset + stride * height, 4);
  base64_little_endian(b, 0, 4);
  base64_little_endian(b, offset, 4);
  base64_little_endian(b, kInfoHeader, 4);
  base64_little_endian(b, width, 4);
  base64_little_endian(b, height, 4);
  base64_little_endian(b, 1, 2);
  base64_little_endian(b, 8, 2);
  base64_little_endian(b, 0, 4);
  base64_little_endian(b, stride * height, 4);
  for (int i = 0; i < 4; ++i) base64_little_endian(b, i < 2 ? 2835 : 0, 4);
  for (uint32_t grey = 0; grey < 256; ++grey) base64_little_endian(b, grey * 0x010101u, 4);
}

void assay_html_picture(FILE *file, const uint8_t *pixels, int32_t height, int32_t width,
                        const char *alternative) {
  struct base64 b = {.file = file};
  const uint32_t stride = ((uint32_t)width + 3) & ~3u;
  fprintf(file, "<img width=\"%d\" height=\"%d\" alt=\"", width, height);
  assay_html_text(file, alternative);
  fputs("\" src=\"data:image/bmp;base64,", file);
  write_bmp_header(&b, (uint32_t)height, (uint32_t)width, stride);
  for (int32_t y = height - 1; y >= 0; --y) {
    for (uint32_t x = 0; x < stride; ++x) {
      base64_byte(&b, x < (uint32_t)width ? pixels[(size_t)y * (size_t)width + x] : 0);
    }
  }
  base64_flush(&b);
  fputs("\">", file);
}
