// The simulated host as libraries beside the test: SIMULATED_HOST is the path of its vmcompute.
#pragma once

#include <memory>
#include <string>

#include "check.h"
#include "environment.h"

namespace hc::test {

inline std::shared_ptr<const Libraries> libraries() {
  static const auto opened = openLibraries(SIMULATED_HOST, SIMULATOR);
  return opened;
}

inline std::u16string control(const char16_t* request) {
  char16_t* response = nullptr;
  CHECK(libraries()->get<functions::simulator::HcSimulatorControl>()(request, &response) == kOk);
  const std::u16string text = response;
  libraries()->freeText(response);
  return text;
}

}  // namespace hc::test
