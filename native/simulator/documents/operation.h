// The operations that move a system from state to state. HCS has a notification for the completion
// of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hc::simulator {

enum class Operation : std::uint8_t { Create, Start, Pause, Resume, Save, Shutdown, Terminate };
constexpr std::size_t kOperations = 7;
constexpr std::size_t indexOf(Operation operation) { return static_cast<std::size_t>(operation); }

constexpr std::u16string_view operationName(Operation operation) {
  constexpr std::u16string_view kNames[kOperations] = {
      u"Create", u"Start", u"Pause", u"Resume", u"Save", u"Shutdown", u"Terminate"};
  return kNames[indexOf(operation)];
}

}  // namespace hc::simulator
