/* What most verbs start from: a network, an image, a contract, an engine. No twin. */
#include "cli/source.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config/engine.h"
#include "vectors/file.h"

static bool exists(const char *path) {
  struct stat info;
  return stat(path, &info) == 0;
}

/**
 * Path of what an option names: the text itself if it is a path, else FOLDER/text + ending in the
 * project's config folder.
 */
static char *find_named(const char *option, const char *text, const char *folder,
                        const char *ending, struct assay_error *error) {
  const bool is_path = strchr(text, '/') != NULL || exists(text);
  const size_t size = strlen(ASSAY_SOURCE_DIR) + strlen(folder) + strlen(text) + strlen(ending) + 3;
  char *path = malloc(size);
  if (path == NULL) {
    assay_error_memory(error);
    return NULL;
  }
  if (is_path) {
    snprintf(path, size, "%s", text);
    return path;
  }
  snprintf(path, size, "%s/%s/%s%s", ASSAY_SOURCE_DIR, folder, text, ending);
  if (exists(path)) return path;
  assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                  "assay: --%s: no \"%s\" here and none in %s/, expected a path or a name there",
                  option, text, folder);
  free(path);
  return NULL;
}

static const char *or_default(const char *text, const char *otherwise) {
  return text != NULL ? text : otherwise;
}

static bool find_contract(const char *name, struct assay_source *source,
                          struct assay_error *error) {
  const char *wanted = or_default(name, source->bundle.network.contract);
  source->contract = assay_contract_find(wanted);
  if (source->contract != NULL) return true;
  return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                         "assay: --contract: unknown contract \"%s\", expected a name that 'assay "
                         "contracts' lists",
                         wanted);
}

static int32_t input_channels(const struct assay_network *network) {
  for (size_t i = 0; i < network->layer_count; ++i) {
    if (network->layers[i].kind == ASSAY_LAYER_CONV) return network->layers[i].conv.shape.in_c;
  }
  return 0;
}

/** The bundle's own image: the first file image*.npy. */
static char *bundle_image(const char *folder, struct assay_error *error) {
  char *pattern = assay_path_join(folder, "image*.npy", error);
  glob_t found = {0};
  char *path = NULL;
  if (pattern != NULL && glob(pattern, 0, NULL, &found) == 0) {
    path = strdup(found.gl_pathv[0]);
  } else if (pattern != NULL) {
    assay_error_set(error, ASSAY_EXIT_BAD_INPUT, "%s: no such file, expected --image FILE",
                    pattern);
  }
  globfree(&found);
  free(pattern);
  return path;
}

static bool load_image(const char *path, struct assay_source *source, struct assay_error *error) {
  source->image_path = path != NULL ? strdup(path) : bundle_image(source->folder, error);
  if (source->image_path == NULL) return assay_error_memory(error);
  return assay_images_read(source->image_path, &source->images, error);
}

static bool check_channels(const struct assay_source *source, struct assay_error *error) {
  const int32_t channels = input_channels(&source->bundle.network);
  if (source->images.c == channels) return true;
  return assay_error_set(error, ASSAY_EXIT_BAD_INPUT,
                         "%s:1:1: the image has %d channels, expected %d as the first layer takes",
                         source->image_path, source->images.c, channels);
}

static bool load_all(const struct assay_source_options *options, struct assay_source *source,
                     struct assay_error *error) {
  return load_image(options->image, source, error) &&
         assay_bundle_read(source->folder, source->images.y, source->images.x, &source->bundle,
                           error) &&
         check_channels(source, error) && find_contract(options->contract, source, error);
}

static char *find_folder(const struct assay_source_options *options, struct assay_error *error) {
  return find_named("network", or_default(options->network, ASSAY_DEFAULT_NETWORK),
                    "config/networks", "", error);
}

bool assay_source_load(const struct assay_source_options *options, struct assay_source *source,
                       struct assay_error *error) {
  *source = (struct assay_source){.folder = find_folder(options, error)};
  if (source->folder != NULL && load_all(options, source, error)) return true;
  assay_source_free(source);
  return false;
}

bool assay_source_load_network(const struct assay_source_options *options, int32_t in_y,
                               int32_t in_x, struct assay_source *source,
                               struct assay_error *error) {
  *source = (struct assay_source){.folder = find_folder(options, error)};
  if (source->folder != NULL &&
      assay_bundle_read(source->folder, in_y, in_x, &source->bundle, error) &&
      find_contract(options->contract, source, error)) {
    return true;
  }
  assay_source_free(source);
  return false;
}

void assay_source_free(struct assay_source *source) {
  free(source->folder);
  free(source->image_path);
  assay_bundle_free(&source->bundle);
  assay_images_free(&source->images);
  *source = (struct assay_source){0};
}

bool assay_source_engine(const struct assay_source_options *options,
                         struct assay_engine_config *engine, struct assay_error *error) {
  char *path = find_named("engine", or_default(options->engine, ASSAY_DEFAULT_ENGINE),
                          "config/engines", ".yaml", error);
  const bool read = path != NULL && assay_engine_read(path, engine, error);
  free(path);
  return read;
}

bool assay_source_suite(const char *name, struct assay_suite *suite, struct assay_error *error) {
  char *path = find_named("suite", name, "config/suites", ".yaml", error);
  const bool read = path != NULL && assay_suite_read(path, suite, error);
  free(path);
  return read;
}

int assay_report_error(const struct assay_error *error) {
  fprintf(stderr, "%s\n", error->text);
  return (int)error->exit_code;
}
