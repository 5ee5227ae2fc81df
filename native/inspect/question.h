// The questions that native code answers, as texts: a kind, then what it is asked about
// (src/doctor/questions.ts).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hc::inspect {

enum class Kind {
  System,
  RegistryValue,
  RegistryKey,
  Service,
  Drivers,
  Library,
  Processor,
  Hypervisor,
  Feature,
  Token,
  AccountRights,
  Volume,
  DevDrive,
  Filters,
  Memory,
  Addresses,
  Routes,
};

struct Question {
  Kind kind;
  std::u16string subject;            // a key, a path, a name, a SID; empty where the kind has none
  std::u16string name;               // of a value of the registry, which may be the one without
  std::vector<std::string> exports;  // of a library
};

// None for what is no question: `why` says then what it lacks.
std::optional<Question> readQuestion(std::u16string_view text, std::string& why);

}  // namespace hc::inspect
