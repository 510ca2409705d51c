/* What a library call can answer. No twin. */
#include "golden/status.h"

const char *assay_status_text(enum assay_status status) {
  switch (status) {
    case ASSAY_OK:
      return "ok";
    case ASSAY_ERROR_ARGUMENT:
      return "a parameter is out of range";
    case ASSAY_ERROR_SHAPE:
      return "shapes do not fit together";
    case ASSAY_ERROR_SCALE:
      return "a scale is not a positive finite number that this contract takes";
    case ASSAY_ERROR_OVERFLOW:
      return "a value does not fit its integer type";
    case ASSAY_ERROR_CAPACITY:
      return "the layer does not fit the engine's buffers";
    case ASSAY_ERROR_UNSUPPORTED:
      return "not supported";
  }
  return "unknown status";
}
