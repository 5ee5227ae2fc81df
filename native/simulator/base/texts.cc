#include "texts.h"

#include <cstdlib>
#include <utility>

#include "platform.h"

namespace hc::simulator {

GivenTexts& GivenTexts::instance() {
  static GivenTexts& texts = *new GivenTexts;
  return texts;
}

char16_t* GivenTexts::give(std::u16string_view text, Entry entry) {
  char16_t* copy = giveText(text);
  if (!kWatchesTexts || copy == nullptr) return copy;
  std::lock_guard lock(mutex_);
  // The address of one that was freed past us is given out again.
  entries_.insert_or_assign(copy, std::move(entry));
  return copy;
}

void GivenTexts::forget(const void* text) {
  std::lock_guard lock(mutex_);
  entries_.erase(text);
}

void GivenTexts::forgetAll() {
  std::lock_guard lock(mutex_);
  entries_.clear();
}

std::vector<GivenTexts::Entry> GivenTexts::all() {
  std::lock_guard lock(mutex_);
  std::vector<Entry> all;
  for (const auto& [text, entry] : entries_) all.push_back(entry);
  return all;
}

}  // namespace hc::simulator

#if !defined(_WIN32)
__attribute__((visibility("default"))) void CoTaskMemFree(void* text) {
  hc::simulator::GivenTexts::instance().forget(text);
  std::free(text);
}
#endif
