/* Whole files: read into memory, written through a temporary name. */
#include "vectors/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Doubles the room until the end of the file; pipes have no size to ask for. */
static bool read_all(FILE *file, struct assay_bytes *bytes) {
  size_t room = 65536;
  bytes->data = malloc(room + 1);
  while (bytes->data != NULL) {
    bytes->size += fread(bytes->data + bytes->size, 1, room - bytes->size, file);
    if (bytes->size < room) break;
    room *= 2;
    uint8_t *more = realloc(bytes->data, room + 1);
    if (more == NULL) assay_bytes_free(bytes);
    bytes->data = more;
  }
  if (bytes->data != NULL) bytes->data[bytes->size] = 0;
  return bytes->data != NULL;
}

bool assay_file_read(const char *path, const char *expected, struct assay_bytes *bytes,
                     struct assay_error *error) {
  const struct assay_mark mark = {path, 1, 1};
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    return assay_error_at(error, &mark, "cannot be opened (%s), expected %s", strerror(errno),
                          expected);
  }
  struct assay_bytes read = {0};
  bool ok = read_all(file, &read);
  if (!ok) assay_error_memory(error);
  if (ok && ferror(file)) {
    ok =
        assay_error_at(error, &mark, "cannot be read (%s), expected %s", strerror(errno), expected);
    assay_bytes_free(&read);
  }
  fclose(file);
  if (ok) *bytes = read;
  return ok;
}

void assay_bytes_free(struct assay_bytes *bytes) {
  free(bytes->data);
  *bytes = (struct assay_bytes){0};
}

static bool write_failed(const char *path, struct assay_error *error) {
  return assay_error_set(error, ASSAY_EXIT_RESOURCE, "%s: cannot be written (%s)", path,
                         strerror(errno));
}

static bool write_plain(const char *path, const void *data, size_t size) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) return false;
  const bool written = fwrite(data, 1, size, file) == size;
  return fclose(file) == 0 && written;
}

bool assay_file_write(const char *path, const void *data, size_t size, struct assay_error *error) {
  const size_t length = strlen(path) + sizeof ".tmp";
  char *temporary = malloc(length);
  if (temporary == NULL) return assay_error_memory(error);
  snprintf(temporary, length, "%s.tmp", path);
  const bool ok = write_plain(temporary, data, size) && rename(temporary, path) == 0;
  if (!ok) {
    write_failed(path, error);
    remove(temporary);
  }
  free(temporary);
  return ok;
}

char *assay_path_join(const char *folder, const char *name, struct assay_error *error) {
  const size_t size = strlen(folder) + strlen(name) + 2;
  char *path = malloc(size);
  if (path == NULL) {
    assay_error_memory(error);
  } else {
    snprintf(path, size, "%s/%s", folder, name);
  }
  return path;
}
