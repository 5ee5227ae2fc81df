#include "inbox.h"

#include <algorithm>
#include <utility>

namespace hc {

namespace {

// Whether it is terminal in either library's numbers; what is so in one and comes from the other is
// kept as well.
bool kept(std::uint32_t type) {
  return terminal(notificationOf(type)) || terminal(meaningOf(static_cast<Event>(type)));
}

}  // namespace

// Any thread, under the lock of a watch or none. The first record asks for the wake; later ones
// come with it.
bool Inbox::append(Record record) {
  std::lock_guard<Mutex> lock(mutex_);
  if (closed_) return false;
  const bool droppable = record.tag == Record::Tag::Notification && !kept(record.type);
  const std::size_t bytes = record.text ? record.text->size() * sizeof(char16_t) : 0;
  // A single text beyond the bound is accepted where there is nothing else.
  const bool fits = bytes_ == 0 || bytes <= byteBound_ - std::min(bytes_, byteBound_);
  if (droppable && (records_.size() >= bound_ || !fits)) {
    const auto [place, added] = overflows_.try_emplace(record.id, records_.size());
    if (added) {
      records_.push_back({Record::Tag::Overflow, record.id, 1, kOk, {}, nullptr});
    } else {
      ++records_[place->second].type;
    }
    return false;  // a full inbox is not empty: its wake is on the way
  }
  bytes_ += bytes;
  records_.push_back(std::move(record));
  return records_.size() == 1;
}

// On the JavaScript thread. Swapping keeps the lock short, whatever has piled up.
std::vector<Record> Inbox::take() {
  std::vector<Record> taken;
  std::lock_guard<Mutex> lock(mutex_);
  overflows_.clear();
  bytes_ = 0;
  taken.swap(records_);
  return taken;
}

bool Inbox::empty() {
  std::lock_guard<Mutex> lock(mutex_);
  return records_.empty();
}

// On the JavaScript thread. Records are destroyed after the lock: those of operations own handles.
void Inbox::close() {
  std::vector<Record> dropped;
  std::lock_guard<Mutex> lock(mutex_);
  closed_ = true;
  dropped.swap(records_);
}

}  // namespace hc
