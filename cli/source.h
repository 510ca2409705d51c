/* What most verbs start from: a network, an image, a contract, an engine. No twin. */
#ifndef ASSAY_CLI_SOURCE_H_
#define ASSAY_CLI_SOURCE_H_

#include "cli/options.h"
#include "config/error.h"
#include "config/suite.h"
#include "golden/contract.h"
#include "golden/engine.h"
#include "vectors/bundle.h"
#include "vectors/image.h"

#define ASSAY_DEFAULT_NETWORK "unet_simplified"
#define ASSAY_DEFAULT_ENGINE "8x8"

/** Values of the options that name a source; NULL: the default. */
struct assay_source_options {
  const char *network;   ///< folder, or name of a shipped network
  const char *image;     ///< .npy or .pgm file
  const char *contract;  ///< contract name
  const char *engine;    ///< file, or name of a shipped engine
};

/** Entries for a verb's option table. */
#define ASSAY_OPTION_NETWORK(options)                                        \
  ASSAY_TEXT("network", 0, "DIR", &(options).network, ASSAY_DEFAULT_NETWORK, \
             "bundle folder (config/README.md), or the name of a shipped network")
#define ASSAY_OPTION_IMAGE(options)                                            \
  ASSAY_TEXT("image", 0, "FILE", &(options).image, "image*.npy of the bundle", \
             "input: .npy of float32 [y][x], [c][y][x] or [n][c][y][x], or .pgm")
#define ASSAY_OPTION_CONTRACT(options)                                   \
  ASSAY_TEXT("contract", 0, "NAME", &(options).contract, "the bundle's", \
             "arithmetic that the hardware must equal; 'assay contracts' lists them")
#define ASSAY_OPTION_ENGINE(options)                                       \
  ASSAY_TEXT("engine", 0, "NAME", &(options).engine, ASSAY_DEFAULT_ENGINE, \
             "hardware configuration: a name in config/engines/, or a file")

/** A loaded source. Free with assay_source_free. */
struct assay_source {
  char *folder;                           ///< of the bundle
  char *image_path;                       ///< of the image
  struct assay_bundle bundle;             ///< shapes filled for the image's size
  struct assay_images images;             ///< checked against the network's input channels
  const struct assay_contract *contract;  ///< never NULL
};

/** Reads network and image, finds the contract. @return false with *error set, *source freed */
bool assay_source_load(const struct assay_source_options *options, struct assay_source *source,
                       struct assay_error *error);
/** A zeroed source is allowed. */
void assay_source_free(struct assay_source *source);

/** Reads the network alone, for images of one size. `image_path` and `images` stay empty. */
bool assay_source_load_network(const struct assay_source_options *options, int32_t in_y,
                               int32_t in_x, struct assay_source *source,
                               struct assay_error *error);

/** Reads the engine that the options name. @return false with *error set */
bool assay_source_engine(const struct assay_source_options *options,
                         struct assay_engine_config *engine, struct assay_error *error);

/** Reads a list of layer shapes: a file, or the name of a shipped one. @return false with *error
 * set
 */
bool assay_source_suite(const char *name, struct assay_suite *suite, struct assay_error *error);

/** Prints the error's one line on standard error and returns its exit code. */
int assay_report_error(const struct assay_error *error);

#endif  // ASSAY_CLI_SOURCE_H_
