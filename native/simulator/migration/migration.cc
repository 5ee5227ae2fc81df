#include "migration.h"

#include <cinttypes>
#include <cstdio>
#include <random>

namespace hc::simulator {

std::string helloLine(std::uint32_t session, std::uint64_t process) {
  return "hello " + std::to_string(session) + ' ' + std::to_string(process);
}

std::string stateLine(const MigratedState& state) {
  return "state " + std::to_string(state.memoryInMB) + ' ' + std::to_string(state.ranMs) + ' ' +
         (state.linuxGuest ? '1' : '0') + ' ' + std::to_string(state.source);
}

bool readHello(const std::string& line, std::uint64_t* session, std::uint64_t* process) {
  return std::sscanf(line.c_str(), "hello %" SCNu64 " %" SCNu64, session, process) == 2;
}

bool readState(const std::string& line, MigratedState* state) {
  unsigned linuxGuest = 0;
  const int found = std::sscanf(line.c_str(), "state %" SCNu64 " %" SCNu64 " %u %" SCNu64,
                                &state->memoryInMB, &state->ranMs, &linuxGuest, &state->source);
  state->linuxGuest = linuxGuest != 0;
  return found == 4;
}

std::uint64_t thisProcess() {
  static const std::uint64_t number = [] {
    std::random_device random;
    return (std::uint64_t{random()} << 32) | random();
  }();
  return number;
}

}  // namespace hc::simulator
