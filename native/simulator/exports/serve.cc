#include "serve.h"

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
// After windows.h, which it needs.
#include <objbase.h>
#endif

#include "../../remote/channel.h"
#include "../../remote/server.h"
#include "../base/returned-texts.h"
#include "../base/threads.h"
#include "state-library.h"

namespace hc::simulator {

std::optional<std::string> serve(std::string* name) {
  if (name->empty()) *name = remote::defaultName();
  return remote::serve(*name, {HcSimulatorFunctions(kListHash), CoTaskMemFree, tryStartThread});
}

}  // namespace hc::simulator
