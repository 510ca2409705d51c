/* Words as $readmemh text. */
#include "vectors/mem_text.h"

#include <stdlib.h>
#include <string.h>

#include "vectors/file.h"

// Writing //

void assay_mem_print(struct assay_buffer *buffer, const struct assay_tensor *tensor, size_t lanes) {
  static const char digits[] = "0123456789abcdef";
  const size_t word_bytes = assay_element_size(tensor->element) * lanes;
  const size_t words = assay_tensor_count(tensor) / lanes;
  const uint8_t *data = tensor->data;
  char *at = assay_buffer_extend(buffer, words * (2 * word_bytes + 1));
  if (at == NULL) return;
  for (size_t word = 0; word < words; ++word, data += word_bytes) {
    for (size_t i = word_bytes; i-- > 0;) {
      *at++ = digits[data[i] >> 4];
      *at++ = digits[data[i] & 15];
    }
    *at++ = '\n';
  }
}

// Reading //

struct scan {
  const char *path;
  const struct assay_bytes *bytes;
  size_t at, line, line_start;
  size_t room;       // words allocated
  size_t max_words;  // limit of the caller
  size_t address;    // of the next word
  struct assay_mem mem;
  struct assay_error *error;
};

static bool scan_fail(const struct scan *s, const char *what, const char *expected) {
  const struct assay_mark mark = {s->path, s->line, s->at - s->line_start + 1};
  return assay_error_at(s->error, &mark, "%s, expected %s", what, expected);
}

static char peek(const struct scan *s, size_t ahead) {
  const size_t at = s->at + ahead;
  return at < s->bytes->size ? (char)s->bytes->data[at] : '\0';
}

static void step(struct scan *s) {
  if (s->bytes->data[s->at++] == '\n') {
    ++s->line;
    s->line_start = s->at;
  }
}

/* A line comment ends before its newline, a block comment after its marker. */
static bool skip_comment(struct scan *s) {
  const bool block = peek(s, 1) == '*';
  step(s);
  step(s);
  while (s->at < s->bytes->size) {
    if (!block && peek(s, 0) == '\n') return true;
    if (block && peek(s, 0) == '*' && peek(s, 1) == '/') {
      step(s);
      step(s);
      return true;
    }
    step(s);
  }
  return !block || scan_fail(s, "the file ends inside a comment", "*/");
}

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static bool skip_gap(struct scan *s) {
  while (s->at < s->bytes->size) {
    if (is_space(peek(s, 0))) {
      step(s);
    } else if (peek(s, 0) == '/' && (peek(s, 1) == '/' || peek(s, 1) == '*')) {
      if (!skip_comment(s)) return false;
    } else {
      return true;
    }
  }
  return true;
}

/* 0..15, 16 for x or z, -1 for anything else. */
static int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return c == 'x' || c == 'X' || c == 'z' || c == 'Z' ? 16 : -1;
}

/* Makes the word at `address` exist; new words are unknown until they are given. */
static bool reach(struct scan *s, size_t address) {
  if (address >= s->max_words) {
    scan_fail(s, "the file has too many words", "fewer words");
    return false;
  }
  if (address >= s->room) {
    const size_t room = 2 * address + 1024;
    uint8_t *data = realloc(s->mem.data, room * s->mem.word_bytes);
    if (data != NULL) s->mem.data = data;
    uint8_t *unknown = realloc(s->mem.unknown, room * s->mem.word_bytes);
    if (unknown != NULL) s->mem.unknown = unknown;
    if (data == NULL || unknown == NULL) {
      assay_error_memory(s->error);
      return false;
    }
    memset(data + s->room * s->mem.word_bytes, 0, (room - s->room) * s->mem.word_bytes);
    memset(unknown + s->room * s->mem.word_bytes, 1, (room - s->room) * s->mem.word_bytes);
    s->room = room;
  }
  if (address >= s->mem.words) s->mem.words = address + 1;
  return true;
}

static bool scan_address(struct scan *s) {
  step(s);
  size_t address = 0;
  const size_t first = s->at;
  for (int digit = digit_value(peek(s, 0)); digit >= 0 && digit < 16;
       digit = digit_value(peek(s, 0))) {
    if (address > SIZE_MAX >> 5) return scan_fail(s, "the address is too large", "a smaller one");
    address = address << 4 | (size_t)digit;
    step(s);
  }
  s->address = address;
  return s->at > first || scan_fail(s, "no address follows @", "hexadecimal digits");
}

/* Digits from the last to the first; `_` between them is skipped. */
static bool store_word(struct scan *s, const char *text, size_t length) {
  uint8_t *data = s->mem.data + s->address * s->mem.word_bytes;
  uint8_t *unknown = s->mem.unknown + s->address * s->mem.word_bytes;
  memset(data, 0, s->mem.word_bytes);
  memset(unknown, 0, s->mem.word_bytes);
  size_t nibble = 0;
  for (size_t i = length; i-- > 0;) {
    if (text[i] == '_') continue;
    const int digit = digit_value(text[i]);
    if (nibble < 2 * s->mem.word_bytes) {
      if (digit == 16) unknown[nibble / 2] = 1;
      data[nibble / 2] |= (uint8_t)((digit & 15) << (nibble % 2 * 4));
    } else if (digit != 0) {
      return false;
    }
    ++nibble;
  }
  return nibble > 0;
}

static bool scan_word(struct scan *s) {
  size_t length = 0;
  while (digit_value(peek(s, length)) >= 0 || (length > 0 && peek(s, length) == '_')) ++length;
  const char after = peek(s, length);
  const bool ends = s->at + length >= s->bytes->size || is_space(after) || after == '/';
  if (length == 0 || !ends) {
    s->at += length;
    return scan_fail(s, "this is no hexadecimal word", "digits 0-9, a-f, x, z");
  }
  if (!reach(s, s->address)) return false;
  if (!store_word(s, (const char *)s->bytes->data + s->at, length)) {
    return scan_fail(s, "the word is too wide", "as many digits as the expected file");
  }
  s->at += length;
  ++s->address;
  return true;
}

static bool scan_all(struct scan *s) {
  if (!skip_gap(s)) return false;
  while (s->at < s->bytes->size) {
    const bool ok = peek(s, 0) == '@' ? scan_address(s) : scan_word(s);
    if (!ok || !skip_gap(s)) return false;
  }
  return true;
}

bool assay_mem_read(const char *path, size_t word_bytes, size_t max_words, struct assay_mem *mem,
                    struct assay_error *error) {
  struct assay_bytes bytes;
  if (!assay_file_read(path, "$readmemh text", &bytes, error)) return false;
  struct scan scan = {.path = path,
                      .bytes = &bytes,
                      .line = 1,
                      .max_words = max_words,
                      .mem = {.word_bytes = word_bytes},
                      .error = error};
  const bool ok = scan_all(&scan);
  assay_bytes_free(&bytes);
  if (ok) {
    *mem = scan.mem;
  } else {
    assay_mem_free(&scan.mem);
  }
  return ok;
}

void assay_mem_free(struct assay_mem *mem) {
  free(mem->data);
  free(mem->unknown);
  *mem = (struct assay_mem){0};
}
