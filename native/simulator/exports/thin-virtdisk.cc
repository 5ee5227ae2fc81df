// The exports of virtdisk.dll, as thin-vmcompute.cc has those of vmcompute.dll.
#include "thin.h"

#define HC_OF_virtdisk HC_THIN
#define HC_OF_vmcompute(...)
#define HC_OF_computenetwork(...)
#define HC_OF_computestorage(...)
#define HC_OF_computecore(...)
#define HC_OF_simulator(...)

// Shapes of two and three C arguments.
#define DiskPath DiskPath, Memory
#define DiskInformation DiskInformation, Memory, Used

#define HC_FUNCTION(library, function, completion, ...) \
  HC_OF_##library(library, function, __VA_ARGS__)
#include "../../abi/functions.def"
#undef HC_FUNCTION
