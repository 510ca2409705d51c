// What the RTL answers to the directed vectors of a bundle, as files: input for comparisons with a
// real PyTorch.
//
//   directed_outputs BUNDLE CONTRACT FOLDER
//
// Writes for every convolution LAYER.x.npy (uint8 or int8 [n][y][x][c]), LAYER.y.npy (what came out
// of the RTL's output stream) and LAYER.places.npy (int32 [vectors][6]: channel, accumulator,
// output of the contract, n, y, x). Exit code 1 when the RTL and the engine model differ.
#include <cstdio>
#include <string>
#include <vector>

#include "tests/rtl/directed_case.h"
#include "vectors/npy.h"

namespace {

using assay_test::DirectedLayer;

assay_element ElementOf(const assay_quant &quant) {
  return quant.dtype == ASSAY_QINT8 ? ASSAY_INT8 : ASSAY_UINT8;
}

bool Write(const std::string &path, assay_element element, const std::vector<int64_t> &shape,
           void *data) {
  assay_error error = {};
  assay_tensor tensor = {};
  tensor.element = element;
  tensor.dims = shape.size();
  for (size_t i = 0; i < shape.size(); i++) tensor.shape[i] = shape[i];
  tensor.data = data;
  if (assay_npy_write(path.c_str(), &tensor, &error)) return true;
  std::fprintf(stderr, "directed_outputs: %s\n", error.text);
  return false;
}

std::vector<int32_t> Places(const DirectedLayer &d) {
  std::vector<int32_t> rows;
  for (size_t i = 0; i < d.images.count; i++) {
    const assay_directed_vector &v = d.images.vectors[i];
    if (v.reachability != ASSAY_REACH_WITNESS) continue;
    rows.insert(rows.end(), {v.oc, v.target.acc, v.target.y, v.n, v.y, v.x});
  }
  return rows;
}

bool WriteLayer(const std::string &folder, DirectedLayer *d) {
  const assay_conv &conv = d->images.conv;
  const assay_conv_shape &s = conv.shape;
  const std::string base = folder + "/" + d->name;
  std::vector<int32_t> places = Places(*d);
  return Write(base + ".x.npy", ElementOf(conv.x), {d->images.n, s.in_y, s.in_x, s.in_c},
               d->images.x) &&
         Write(base + ".y.npy", ElementOf(conv.y),
               {d->images.n, assay_conv_out_y(&s), assay_conv_out_x(&s), s.out_c},
               d->received.data()) &&
         Write(base + ".places.npy", ASSAY_INT32, {static_cast<int64_t>(places.size() / 6), 6},
               places.data());
}

// Exit code of one layer.
int RunLayer(const assay_layer *layer, const char *contract, const std::string &folder) {
  const auto d = assay_test::MakeDirected(layer, contract, *assay_cosim_engine(0));
  assay_test::Cosim cosim(assay_test::Options(assay_cosim_engine(0)->name, 0));
  if (d == nullptr || !cosim.open() || !assay_test::RunRtl(cosim.get(), d.get())) {
    std::fprintf(stderr, "directed_outputs: layer %s does not run\n", layer->name);
    return 3;
  }
  std::printf("%s %s: %zu vectors in %d images, %zu proved unreachable, %zu unknown\n", contract,
              layer->name, d->images.answers[ASSAY_REACH_WITNESS], d->images.n,
              d->images.answers[ASSAY_REACH_NEVER], d->images.answers[ASSAY_REACH_UNKNOWN]);
  if (!WriteLayer(folder, d.get())) return 3;
  return assay_test::Passed(*d) == d->cosim.size() ? 0 : 1;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 4 || assay_contract_find(argv[2]) == nullptr) {
    std::fprintf(stderr, "usage: directed_outputs BUNDLE CONTRACT FOLDER\n");
    return 2;
  }
  const assay_test::Bundle bundle(argv[1]);
  if (!bundle.ok()) {
    std::fprintf(stderr, "%s\n", bundle.error());
    return 2;
  }
  int worst = 0;
  for (const assay_layer *layer : bundle.Convolutions()) {
    const int code = RunLayer(layer, argv[2], argv[3]);
    if (code > worst) worst = code;
  }
  return worst;
}
