/* SHA-256 (FIPS 180-4) of a block of memory, by OpenSSL's libcrypto. */
#include "vectors/sha256.h"

#include <openssl/evp.h>
#include <stdio.h>

bool assay_sha256(const void *data, size_t size, char text[ASSAY_SHA256_TEXT],
                  struct assay_error *error) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  if (EVP_Digest(data, size, digest, &length, EVP_sha256(), NULL) != 1 || length != 32) {
    return assay_error_set(error, ASSAY_EXIT_RESOURCE, "libcrypto cannot compute SHA-256");
  }
  for (size_t i = 0; i < length; ++i) snprintf(text + 2 * i, 3, "%02x", digest[i]);
  return true;
}
