// Says to the mutated engine which mutant it is: number ASSAY_MUTANT, 0 for the engine as it is.
#include <cstdlib>

extern "C" int assay_mutant();  // imported by the netlist, called once when a model is built

int assay_mutant() {
  const char *text = std::getenv("ASSAY_MUTANT");
  return text != nullptr ? std::atoi(text) : 0;
}
