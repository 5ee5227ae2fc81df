// The simulated host as a library beside the test: SIMULATED_HOST is its path.
#pragma once

#include <memory>
#include <string>

#include "check.h"
#include "environment.h"

namespace hc::test {

inline std::shared_ptr<const Library> library() {
  static const Library::Opened opened = openLibrary(SIMULATED_HOST);
  return opened.library;
}

inline std::u16string control(const char16_t* request) {
  char16_t* response = nullptr;
  CHECK(library()->get<functions::HcSimulatorControl>()(request, &response) == kOk);
  const std::u16string text = response;
  library()->freeText(response);
  return text;
}

}  // namespace hc::test
