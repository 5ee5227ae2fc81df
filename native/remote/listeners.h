// The callbacks that were registered through a connection, by numbers of our own: what passes over
// the wire is looked up, never followed. Each end keeps its half of a registration here. Any
// thread; the lock is held for a look-up, never while a callback runs.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hc::remote {

template <class Listener>
class Listeners {
 public:
  // Is called from now on. The owner is the handle it is registered on.
  std::uint64_t add(std::uint64_t owner, Listener listener) {
    std::lock_guard lock(mutex_);
    const std::uint64_t number = ++last_;
    entries_.emplace(number, Entry{owner, 0, std::move(listener)});
    owned_.emplace(owner, number);
    return number;
  }

  void registered(std::uint64_t number, std::uint64_t registration) {
    std::lock_guard lock(mutex_);
    const auto found = entries_.find(number);
    if (found == entries_.end()) return;  // its handle has been closed meanwhile
    found->second.registration = registration;
    registered_.emplace(registration, number);
  }

  // The owner was made with it.
  void own(std::uint64_t number, std::uint64_t owner) {
    std::lock_guard lock(mutex_);
    const auto found = entries_.find(number);
    if (found == entries_.end()) return;
    disown(found->second.owner, number);
    found->second.owner = owner;
    owned_.emplace(owner, number);
  }

  std::optional<Listener> find(std::uint64_t number) {
    std::lock_guard lock(mutex_);
    const auto found = entries_.find(number);
    if (found == entries_.end()) return std::nullopt;
    return found->second.listener;
  }

  std::optional<std::uint64_t> numberOf(std::uint64_t registration) {
    std::lock_guard lock(mutex_);
    const auto found = registered_.find(registration);
    if (found == registered_.end()) return std::nullopt;
    return found->second;
  }

  std::vector<Listener> ofOwner(std::uint64_t owner) {
    std::lock_guard lock(mutex_);
    std::vector<Listener> listeners;
    for (auto [it, end] = owned_.equal_range(owner); it != end; ++it)
      listeners.push_back(entries_.at(it->second).listener);
    return listeners;
  }

  // Those whose owner is such a one.
  template <class Predicate>
  std::vector<Listener> ofOwners(Predicate isSuch) {
    std::lock_guard lock(mutex_);
    std::vector<Listener> listeners;
    for (const auto& [number, entry] : entries_)
      if (isSuch(entry.owner)) listeners.push_back(entry.listener);
    return listeners;
  }

  void remove(std::uint64_t number) {
    std::lock_guard lock(mutex_);
    erase(number);
  }
  void removeOwner(std::uint64_t owner) {
    std::lock_guard lock(mutex_);
    for (auto found = owned_.find(owner); found != owned_.end(); found = owned_.find(owner))
      erase(found->second);
  }

 private:
  struct Entry {
    std::uint64_t owner;
    std::uint64_t registration;
    Listener listener;
  };

  void erase(std::uint64_t number) {
    const auto found = entries_.find(number);
    if (found == entries_.end()) return;
    disown(found->second.owner, number);
    registered_.erase(found->second.registration);
    entries_.erase(found);
  }

  void disown(std::uint64_t owner, std::uint64_t number) {
    for (auto [it, end] = owned_.equal_range(owner); it != end; ++it) {
      if (it->second != number) continue;
      owned_.erase(it);
      return;
    }
  }

  std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::unordered_multimap<std::uint64_t, std::uint64_t> owned_;
  std::unordered_map<std::uint64_t, std::uint64_t> registered_;
};

}  // namespace hc::remote
