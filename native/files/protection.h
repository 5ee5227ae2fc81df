// Who may do what with a file of Windows: its owner and its access list.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "file.h"

namespace hc::files {

struct AccessEntry {
  std::string who;  // a SID; empty for a kind of entry that has it elsewhere
  std::uint32_t kind;
  std::uint32_t flags;
  std::uint32_t rights;
};

struct Protection {
  std::string owner;
  std::optional<std::vector<AccessEntry>> entries;  // none: everybody may do everything
};

Status protectionOf(const std::u16string& path, Protection* protection);

}  // namespace hc::files
