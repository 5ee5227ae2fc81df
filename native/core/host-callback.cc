#include "host-callback.h"

#include <unordered_map>
#include <utility>

#include "sync.h"
#include "watch.h"

namespace hc {

namespace {

struct Watches {
  Mutex mutex;
  std::unordered_map<std::uint64_t, std::shared_ptr<Watch>> byId;
};

// Never destroyed: threads of the host may call back while the process exits.
Watches& watches() {
  static Watches* const instance = new Watches;
  return *instance;
}

}  // namespace

std::uint64_t nextId() {
  static Atomic<std::uint64_t> last{0};
  return ++last;
}

void addWatch(std::shared_ptr<Watch> watch) {
  std::lock_guard<Mutex> lock(watches().mutex);
  const std::uint64_t id = watch->id();
  watches().byId.emplace(id, std::move(watch));
}

void removeWatch(std::uint64_t id) {
  std::lock_guard<Mutex> lock(watches().mutex);
  watches().byId.erase(id);
}

std::shared_ptr<Watch> findWatch(std::uint64_t id) {
  std::lock_guard<Mutex> lock(watches().mutex);
  const auto found = watches().byId.find(id);
  return found == watches().byId.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<Watch>> watchesOf(const Inbox& inbox) {
  std::vector<std::shared_ptr<Watch>> found;
  std::lock_guard<Mutex> lock(watches().mutex);
  for (const auto& [id, watch] : watches().byId) {
    if (&watch->inbox() == &inbox) found.push_back(watch);
  }
  return found;
}

void HC_CALL onNotification(std::uint32_t type, void* context, HResult status,
                            const char16_t* data) {
  const auto watch = findWatch(reinterpret_cast<std::uintptr_t>(context));
  if (watch) watch->notify(copyNotification(type, status, data));
}

void HC_CALL onEvent(HcsEvent* event, void* context) {
  if (event == nullptr) return;
  const auto watch = findWatch(reinterpret_cast<std::uintptr_t>(context));
  if (watch) watch->notify(copyEvent(*event));
}

}  // namespace hc
