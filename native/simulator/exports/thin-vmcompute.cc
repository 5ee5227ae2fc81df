// The exports of vmcompute.dll. The package has them in hostcompute-simulator-vmcompute and
// hostcompute-remote-vmcompute: a library of the name of the DLL itself would be what a later load
// by that bare name gets.
#include "thin.h"

#define HC_OF_vmcompute HC_THIN
#define HC_OF_computenetwork(...)
#define HC_OF_computecore(...)
#define HC_OF_computestorage(...)
#define HC_OF_virtdisk(...)
#define HC_OF_simulator(...)

// Shapes of two C arguments.
#define Layers Layers, Count
#define SizedText SizedText, Memory

#define HC_FUNCTION(library, function, completion, ...) \
  HC_OF_##library(library, function, __VA_ARGS__)
#include "../../abi/functions.def"
#undef HC_FUNCTION
