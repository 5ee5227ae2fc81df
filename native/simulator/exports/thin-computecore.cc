// The exports of computecore.dll, as thin-vmcompute.cc has those of vmcompute.dll.
#include "thin.h"

#define HC_OF_computecore HC_THIN
#define HC_OF_vmcompute(...)
#define HC_OF_computenetwork(...)
#define HC_OF_computestorage(...)
#define HC_OF_virtdisk(...)
#define HC_OF_simulator(...)

#define HC_FUNCTION(library, function, completion, ...) \
  HC_OF_##library(library, function, __VA_ARGS__)
#include "../../abi/functions.def"
#undef HC_FUNCTION
