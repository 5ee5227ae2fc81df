// The steps of a plan, as TypeScript writes them (src/layers/import/plan.ts).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tree.h"

namespace hc::archive {

enum class Step : std::uint32_t {
  skip = 1,        // the next entry has no content that is written
  makeFolder = 2,  // `folder`, below `parent`
  openFolder = 3,  // the same, where it is there already
  openRoot = 4,    // `folder`, at the path `name`
  file = 5,        // below `parent`: `body`, then the content of the next entry
  stream = 6,      // adds `body` and the content of the next entry to the last file
  copy = 7,        // below `parent`: the content of the next entry goes there as well
  notes = 8,       // the file below `parent` that notes are added to
  note = 9,        // a line of four times and `name`
  // The same two with a Placement. The body of a folder is a backup stream.
  placedFolder = 10,
  placedFile = 11,
};

struct PlannedStep {
  Step step = Step::skip;
  std::uint32_t parent = 0;
  std::uint32_t folder = 0;
  std::string_view name;
  std::string_view body;
  std::array<std::int64_t, 4> times{};  // of a note
  Placement placement;
};

// Takes the first step off `rest`. False when it is none.
bool takeStep(std::string_view& rest, PlannedStep& step);

}  // namespace hc::archive
