#if !defined(_WIN32)
#include "tree-walk.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace hc::pack {

namespace {

// The first bytes of a file, or all of them: the file stays open for what is not there yet.
void readHead(Descriptor file, Entry& entry, Batch& batch) {
  const bool isWhole = entry.size <= static_cast<double>(kWhole);
  const std::size_t wanted = isWhole ? static_cast<std::size_t>(entry.size) : kHead;
  entry.headAt = static_cast<std::uint32_t>(batch.bytes.size());
  batch.bytes.resize(batch.bytes.size() + wanted);
  const std::int64_t read = readAt(file.get(), batch.bytes.data() + entry.headAt, wanted, 0);
  entry.headLength = read < 0 ? 0 : static_cast<std::uint32_t>(read);
  batch.bytes.resize(entry.headAt + entry.headLength);
  if (read < 0) entry.error = static_cast<std::int32_t>(-read);
  if (read < 0 || isWhole) return;
  entry.file = static_cast<std::int32_t>(batch.open.size());
  batch.open.push_back(std::move(file));
}

bool endsIn(const std::string& name, const std::string& suffix) {
  return name.size() >= suffix.size() &&
         name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
}

}  // namespace

void TreeWalk::begin(const std::string& path, bool alone) {
  alone_ = alone;
  failure_ = 0;
  levels_.clear();
  Descriptor folder;
  failure_ = openFolder(root_.get(), ".", folder);
  std::size_t at = 0;
  for (std::size_t end = path.find('/'); failure_ == 0 && end != std::string::npos;
       end = path.find('/', at)) {
    Descriptor next;
    failure_ = openFolder(folder.get(), path.substr(at, end - at), next);
    folder = std::move(next);
    at = end + 1;
  }
  Item item{path.substr(at), Kind::Directory, false, false};
  Kind kind{};
  item.hasSide = failure_ == 0 && kindOf(folder.get(), item.name + suffix_, kind) == 0;
  item.isThere = failure_ == 0 && kindOf(folder.get(), item.name, kind) == 0;
  levels_.push_back({std::move(folder), {std::move(item)}});
}

bool TreeWalk::step(Batch& batch) {
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.next == level.items.size()) {
      levels_.pop_back();
      continue;
    }
    const Item item = std::move(level.items[level.next++]);
    if (const int failure = std::exchange(failure_, 0)) {
      append(item.name, Kind::Unlisted, failure, batch);
      return true;
    }
    add(level.folder.get(), item, batch);
    if (item.kind == Kind::Directory && item.isThere) descend(level.folder.get(), item.name, batch);
    return true;
  }
  return false;
}

// May add a level: no reference to another is valid after it.
void TreeWalk::descend(int parent, const std::string& name, Batch& batch) {
  Descriptor folder;
  std::vector<Name> names;
  int error = openFolder(parent, name, folder);
  if (error == 0) error = list(folder.get(), names);
  if (error != 0) {
    append(name, Kind::Unlisted, error, batch);
    return;
  }
  levels_.push_back({std::move(folder), arrange(std::move(names))});
}

std::vector<TreeWalk::Item> TreeWalk::arrange(std::vector<Name> names) const {
  std::sort(names.begin(), names.end(),
            [](const Name& a, const Name& b) { return a.text < b.text; });
  const auto isThere = [&](const std::string& name, Kind kind) {
    const auto found = std::lower_bound(
        names.begin(), names.end(), name,
        [](const Name& each, const std::string& text) { return each.text < text; });
    return found != names.end() && found->text == name && found->kind == kind;
  };
  std::vector<Item> items;
  items.reserve(names.size());
  for (const Name& name : names) {
    if (name.kind == Kind::File && endsIn(name.text, suffix_)) {
      std::string owner = name.text.substr(0, name.text.size() - suffix_.size());
      if (alone_ && !isThere(owner, Kind::Directory))
        items.push_back({std::move(owner), Kind::Directory, true, false});
    } else {
      const bool hasSide = name.kind == Kind::Directory && isThere(name.text + suffix_, Kind::File);
      items.push_back({name.text, name.kind, hasSide, true});
    }
  }
  // What cannot be in a layer is found before anything else of the folder is read.
  std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    if ((a.kind == Kind::Other) != (b.kind == Kind::Other)) return a.kind == Kind::Other;
    return a.name < b.name;
  });
  return items;
}

void TreeWalk::add(int folder, const Item& item, Batch& batch) const {
  Entry& entry = append(item.name, item.kind, 0, batch);
  const bool isDirectory = item.kind == Kind::Directory;
  if (item.kind == Kind::Other) return;
  if (isDirectory && !item.hasSide) {
    Descriptor opened;
    entry.error = openFolder(folder, item.name, opened);
    if (entry.error == 0) entry.error = describe(opened.get(), entry);
    return;
  }
  entry.flags |= kHasFile;
  Descriptor file;
  entry.error = openFile(folder, isDirectory ? item.name + suffix_ : item.name, file, entry);
  if (entry.error == 0) readHead(std::move(file), entry, batch);
}

Entry& TreeWalk::append(const std::string& name, Kind kind, int error, Batch& batch) const {
  Entry entry{};
  entry.kind = kind;
  entry.error = error;
  entry.file = -1;
  entry.depth = static_cast<std::uint32_t>(levels_.size() - 1);
  entry.nameAt = static_cast<std::uint32_t>(batch.names.size());
  entry.nameLength = static_cast<std::uint32_t>(name.size());
  batch.names += name;
  const auto isAscii = [](char each) { return static_cast<unsigned char>(each) < 0x80; };
  if (std::all_of(name.begin(), name.end(), isAscii)) entry.flags |= kIsAscii;
  batch.entries.push_back(entry);
  return batch.entries.back();
}

}  // namespace hc::pack

#endif
