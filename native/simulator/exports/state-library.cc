#include "state-library.h"

#include "../control/fault-file.h"
#include "exports.h"

namespace {

const hc::Slot kFunctions[] = {
#define HC_FUNCTION(library, function, completion, ...) \
  reinterpret_cast<hc::Slot>(&hc::simulator::exports::library::function),
#include "../../abi/functions.def"
#undef HC_FUNCTION
};

}  // namespace

const hc::Slot* HC_CALL HcSimulatorFunctions(std::uint32_t listHash) {
  hc::simulator::useFaultFile();
  return listHash == hc::kListHash ? kFunctions : nullptr;
}

hc::HResult HC_CALL HcSimulatorControl(const char16_t* request, char16_t** response) {
  hc::simulator::useFaultFile();
  return hc::simulator::exports::simulator::HcSimulatorControl(request, response);
}
