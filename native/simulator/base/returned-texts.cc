#include "returned-texts.h"

#include <cstdlib>
#include <utility>

#include "platform.h"

namespace hc::simulator {

ReturnedTexts& ReturnedTexts::instance() {
  static ReturnedTexts& texts = *new ReturnedTexts;
  return texts;
}

char16_t* ReturnedTexts::give(std::u16string_view text, Entry entry) {
  char16_t* copy = allocateText(text);
  if (!kSeesTextsFreed || copy == nullptr) return copy;
  std::lock_guard lock(mutex_);
  // The address of one that was freed past us is given out again.
  entries_.insert_or_assign(copy, std::move(entry));
  return copy;
}

void ReturnedTexts::forget(const void* text) {
  std::lock_guard lock(mutex_);
  entries_.erase(text);
}

void ReturnedTexts::forgetAll() {
  std::lock_guard lock(mutex_);
  entries_.clear();
}

std::vector<ReturnedTexts::Entry> ReturnedTexts::all() {
  std::lock_guard lock(mutex_);
  std::vector<Entry> all;
  for (const auto& [text, entry] : entries_) all.push_back(entry);
  return all;
}

}  // namespace hc::simulator

#if !defined(_WIN32)
__attribute__((visibility("default"))) void CoTaskMemFree(void* text) {
  hc::simulator::ReturnedTexts::instance().forget(text);
  std::free(text);
}
#endif
