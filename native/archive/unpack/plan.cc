#include "plan.h"

#include <cstring>

namespace hc::archive {

namespace {

// step, size of all, parent, folder, size of the name, size of the body; then the times of a note,
// or a Placement.
constexpr std::size_t kFixed = 6 * sizeof(std::uint32_t);
constexpr std::size_t kTimesSize = 4 * sizeof(std::int64_t);

}  // namespace

bool takeStep(std::string_view& rest, PlannedStep& step) {
  if (rest.size() < kFixed) return false;
  std::array<std::uint32_t, 6> words;
  std::memcpy(words.data(), rest.data(), kFixed);
  const auto [kind, size, parent, folder, nameSize, bodySize] = words;
  if (kind < 1 || kind > static_cast<std::uint32_t>(Step::placedFile)) return false;
  step = {};
  step.step = static_cast<Step>(kind);
  step.parent = parent;
  step.folder = folder;
  std::size_t at = kFixed;
  if (step.step == Step::note) {
    if (rest.size() < kFixed + kTimesSize) return false;
    std::memcpy(step.times.data(), rest.data() + at, kTimesSize);
    at += kTimesSize;
  } else if (step.step == Step::placedFolder || step.step == Step::placedFile) {
    static_assert(sizeof(Placement) == 56);
    if (rest.size() < kFixed + sizeof(Placement)) return false;
    std::memcpy(&step.placement, rest.data() + at, sizeof(Placement));
    at += sizeof(Placement);
  }
  const std::uint64_t least = at + std::uint64_t{nameSize} + bodySize;
  if (size < least || size > rest.size()) return false;
  step.name = rest.substr(at, nameSize);
  step.body = rest.substr(at + nameSize, bodySize);
  rest.remove_prefix(size);
  return true;
}

}  // namespace hc::archive
