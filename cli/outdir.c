/* Output folders that appear whole or not at all. No twin. */
#include "cli/outdir.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk) {
  (void)info;
  (void)type;
  (void)walk;
  return remove(path);
}

static void remove_tree(const char *path) { nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS); }

static bool system_failure(struct assay_error *error, const char *path, const char *what) {
  return assay_error_set(error, ASSAY_EXIT_RESOURCE, "%s: cannot %s: %s", path, what,
                         strerror(errno));
}

static bool is_empty(const char *path) {
  DIR *folder = opendir(path);
  if (folder == NULL) return false;
  int entries = 0;
  while (readdir(folder) != NULL) ++entries;
  closedir(folder);
  return entries <= 2;  // . and ..
}

/** Whether a folder at `path`, if there is one, may be replaced. */
static bool may_replace(const char *path, const char *marker, struct assay_error *error) {
  struct stat info;
  char mark[ASSAY_OUTDIR_PATH + 64];
  if (lstat(path, &info) != 0) return true;
  snprintf(mark, sizeof mark, "%s/%s", path, marker);
  if (S_ISDIR(info.st_mode) && (is_empty(path) || lstat(mark, &info) == 0)) return true;
  return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                         "%s: is there and is not an earlier output (it has no %s), expected a new "
                         "or an empty folder",
                         path, marker);
}

static bool make_parents(const char *path, struct assay_error *error) {
  char parent[ASSAY_OUTDIR_PATH];
  snprintf(parent, sizeof parent, "%s", path);
  for (char *slash = strchr(parent + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(parent, 0777) != 0 && errno != EEXIST) {
      return system_failure(error, parent, "make the folder");
    }
    *slash = '/';
  }
  return true;
}

bool assay_outdir_begin(const char *path, const char *marker, struct assay_outdir *outdir,
                        struct assay_error *error) {
  size_t length = strlen(path);
  while (length > 1 && path[length - 1] == '/') --length;
  if (length + 32 > ASSAY_OUTDIR_PATH) {
    return assay_error_set(error, ASSAY_EXIT_BAD_INPUT, "%s: the path is too long", path);
  }
  snprintf(outdir->path, sizeof outdir->path, "%.*s", (int)length, path);
  snprintf(outdir->temporary, sizeof outdir->temporary, "%.*s.tmp-%ld", (int)length, path,
           (long)getpid());
  outdir->marker = marker;
  if (!may_replace(outdir->path, marker, error) || !make_parents(outdir->path, error)) return false;
  if (mkdir(outdir->temporary, 0777) != 0) {
    return system_failure(error, outdir->temporary, "make the folder");
  }
  return true;
}

FILE *assay_outdir_open(const struct assay_outdir *outdir, const char *name,
                        struct assay_error *error) {
  char path[ASSAY_OUTDIR_PATH + 256];
  snprintf(path, sizeof path, "%s/%s", outdir->temporary, name);
  FILE *file = fopen(path, "wb");
  if (file == NULL) system_failure(error, path, "write");
  return file;
}

bool assay_outdir_close(FILE *file, const char *name, struct assay_error *error) {
  const bool written = ferror(file) == 0;
  if (fclose(file) == 0 && written) return true;
  return system_failure(error, name, "write");
}

bool assay_outdir_commit(struct assay_outdir *outdir, struct assay_error *error) {
  char old[ASSAY_OUTDIR_PATH + 8];
  snprintf(old, sizeof old, "%s.old", outdir->temporary);
  const bool replaced = rename(outdir->path, old) == 0;
  if (rename(outdir->temporary, outdir->path) != 0) {
    system_failure(error, outdir->path, "rename the finished folder to this name");
    if (replaced && rename(old, outdir->path) != 0) system_failure(error, old, "rename back");
    assay_outdir_abandon(outdir);
    return false;
  }
  if (replaced) remove_tree(old);
  return true;
}

void assay_outdir_abandon(struct assay_outdir *outdir) { remove_tree(outdir->temporary); }
