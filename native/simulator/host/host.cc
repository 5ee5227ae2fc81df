// The one simulated host of this process, and how its parts are found.
#include "host.h"

namespace hc::simulator {

Host& Host::instance() {
  static Host& host = *new Host;
  return host;
}

HResult Host::admit(const Call& call) const {
  if (call.epoch != inFlight.epoch()) return kAbort;
  return connected_ ? kOk : lost_;
}

// No id has a NUL in it.
std::u16string keyOf(std::u16string_view id, std::u16string_view idNamespace) {
  std::u16string key(id);
  if (!idNamespace.empty()) key.append(1, u'\0').append(idNamespace);
  return key;
}

SystemPointer Host::findSystem(std::u16string_view id, std::u16string_view idNamespace) {
  const auto at = systems_.find(keyOf(id, idNamespace));
  return at != systems_.end() ? at->second : nullptr;
}

// Seeded, so that two runs give systems the same runtime ids.
std::u16string Host::newGuid() {
  std::uint64_t words[2] = {random_.next(), random_.next()};
  words[0] = (words[0] & ~0xF000ULL) | 0x4000;                 // version 4
  words[1] = (words[1] & ~(0xC0ULL << 56)) | (0x80ULL << 56);  // variant
  std::u16string text;
  for (int digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) text.push_back(u'-');
    text.push_back(u"0123456789abcdef"[(words[digit / 16] >> (60 - digit % 16 * 4)) & 0xF]);
  }
  return text;
}

bool Host::uses(std::u16string_view volume) {
  std::lock_guard lock(mutex_);
  for (const auto& [id, system] : systems_) {
    std::u16string_view own = system->document.volume;
    if (!own.empty() && own.back() == u'\\') own.remove_suffix(1);
    const bool begun = system->state != State::Created || system->pending;
    if (begun && !volume.empty() && own == volume) return true;
  }
  return false;
}

std::optional<Turn> Host::turnOf(HandleId process) {
  std::lock_guard lock(mutex_);
  const auto at = handles_.find(process);
  if (at == handles_.end() || !at->second.process) return std::nullopt;
  return Turn(at->second.origin, at->second.process->id);
}

std::u16string Host::sourceOf(HandleId handle) {
  std::lock_guard lock(mutex_);
  if (const auto at = handles_.find(handle); at != handles_.end())
    return (at->second.process ? at->second.process->source : at->second.system->source)->name;
  if (const auto at = registrations_.find(handle); at != registrations_.end())
    return at->second.source->name;
  return {};
}

std::u16string Host::systemOf(HandleId handle) {
  std::lock_guard lock(mutex_);
  if (const auto at = handles_.find(handle); at != handles_.end()) return at->second.system->id;
  if (const auto at = registrations_.find(handle); at != registrations_.end())
    return at->second.system->id;
  return {};
}

}  // namespace hc::simulator
