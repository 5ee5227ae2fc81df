// How a program of a guest is started: what a process document asks for, made definite.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../base/outcome.h"
#include "../documents/documents.h"
#include "../documents/process-documents.h"

namespace hc::simulator {

// Windows ignores the case of the names of variables.
struct NameLess {
  bool ignoreCase = true;
  bool operator()(const std::string& a, const std::string& b) const;
};
using Environment = std::map<std::string, std::string, NameLess>;

std::string lowerCase(std::string_view text);

class GuestFiles;
struct ProgramEntry;

// How a program is started. All texts are UTF-8.
struct Launch {
  const ProgramEntry* program = nullptr;
  std::vector<std::string> arguments;  // the first is the name it was started by
  std::string commandLine;
  Environment environment;
  std::string directory;
  std::string user;
  std::string hostName;
  std::vector<std::u16string> systems;  // by whose networks it is reached: its own, and its host's
  bool linuxGuest = false;
  bool console = false;
  std::shared_ptr<GuestFiles> files;  // of the system
};

// What the document starts in the guest of a system, whose id is its host name unless its document
// gives one; fails when the guest has no such program.
Outcome prepareLaunch(const ProcessDocument& document, const SystemDocument& system,
                      const std::u16string& id, Launch* launch);

}  // namespace hc::simulator
