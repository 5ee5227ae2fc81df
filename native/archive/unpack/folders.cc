#include "folders.h"

#include <utility>
#include <vector>

namespace hc::archive {

namespace {

constexpr std::size_t kMostOpen = 64;

}  // namespace

Outcome Folders::addRoot(std::uint32_t id, const std::string& path) {
  FolderPointer open;
  if (const Outcome failed = openRoot(path, open)) return failed;
  keep(id, {id, path, true, std::move(open)});
  return 0;
}

bool Folders::knows(std::uint32_t id) const { return known_.count(id) > 0; }

// From the next folder above that is open downwards. Each parent is known before its children.
Outcome Folders::find(std::uint32_t id, FolderPointer& folder) {
  std::vector<Known*> closed;
  for (Known* at = &known_.at(id);; at = &known_.at(at->parent)) {
    folder = at->open;
    if (folder != nullptr) break;
    closed.push_back(at);
    if (at->root) break;
  }
  for (; !closed.empty(); closed.pop_back()) {
    Known& known = *closed.back();
    FolderPointer open;
    const Outcome failed =
        known.root ? openRoot(known.name, open) : openFolder(*folder, known.name, open);
    if (failed) return failed;
    closeSome();
    known.open = folder = std::move(open);
    ++open_;
  }
  return 0;
}

void Folders::clear() {
  known_.clear();
  open_ = 0;
}

void Folders::keep(std::uint32_t id, Known known) {
  closeSome();
  known_[id] = std::move(known);
  ++open_;
}

void Folders::closeSome() {
  if (open_ < kMostOpen) return;
  for (auto& [id, known] : known_) known.open.reset();
  open_ = 0;
}

}  // namespace hc::archive
