// Serves the simulated host at the path given, until its standard input ends: the other side of
// simulator-remote.cc.
#include <cstdio>
#include <string>

#include "abi/functions.h"

extern "C" std::remove_pointer_t<hc::functions::simulator::HcSimulatorControl::Pointer>
    HcSimulatorControl;

int main(int, char** arguments) {
  const std::string path = arguments[1];
  const std::u16string request =
      u"{\"Serve\":{\"Path\":\"" + std::u16string(path.begin(), path.end()) + u"\"}}";
  char16_t* response = nullptr;
  if (HcSimulatorControl(request.c_str(), &response) != hc::kOk) return 1;
  std::puts("served");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  std::_Exit(0);  // with threads in the middle of anything, as when it is killed
}
