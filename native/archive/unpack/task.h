// A file that is to be written: its place, and its bytes as far as they are known.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "slab.h"
#include "tree.h"

namespace hc::archive {

// Bytes of a plan, or of the archive.
struct Part {
  std::string own;
  Slice slice;

  Bytes bytes() const {
    if (slice.slab != nullptr) return {slice.data(), slice.size};
    return {reinterpret_cast<const std::uint8_t*>(own.data()), own.size()};
  }
};

struct Task {
  // What does not change.
  FolderPointer folder;
  std::string name;
  std::string entry;  // as the archive spells it
  std::uint64_t index = 0;
  bool append = false;
  std::optional<Placement> placement;
  // Under the lock of the archive.
  enum class State { idle, queued, running } state = State::idle;
  std::vector<Part> parts;  // what is not written yet
  std::size_t size = 0;     // of those
  bool closed = false;      // no more parts come
  // Of the thread that runs it.
  std::unique_ptr<NewFile> file;
};

}  // namespace hc::archive
