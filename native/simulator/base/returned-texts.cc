#include "returned-texts.h"

#include <cstdlib>
#include <utility>

#include "platform.h"

namespace hc::simulator {
namespace {

TextMemory memoryOf(const ReturnedTexts::Entry& entry) {
  return textMemoryOf(kLibraryOf[entry.site.function]);
}

}  // namespace

ReturnedTexts& ReturnedTexts::instance() {
  static ReturnedTexts& texts = *new ReturnedTexts;
  return texts;
}

char16_t* ReturnedTexts::give(std::u16string_view text, Entry entry) {
  char16_t* copy = allocateText(text, memoryOf(entry));
  if (!kSeesTextsFreed || copy == nullptr) return copy;
  std::lock_guard lock(mutex_);
  // The address of one that was freed past us is given out again.
  entries_.insert_or_assign(copy, std::move(entry));
  return copy;
}

void ReturnedTexts::forget(const void* text, TextMemory memory) {
  constexpr std::size_t kMost = 100;
  std::lock_guard lock(mutex_);
  const auto found = entries_.find(text);
  if (found == entries_.end()) return;
  if (memoryOf(found->second) != memory && misfreed_.size() < kMost)
    misfreed_.push_back(std::move(found->second));
  entries_.erase(found);
}

void ReturnedTexts::forgetAll() {
  std::lock_guard lock(mutex_);
  entries_.clear();
  misfreed_.clear();
}

std::vector<ReturnedTexts::Entry> ReturnedTexts::misfreed() {
  std::lock_guard lock(mutex_);
  return misfreed_;
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
  hc::simulator::ReturnedTexts::instance().forget(text, hc::TextMemory::CoTaskMemFree);
  std::free(text);
}

// Null, as of Windows: it has been freed.
__attribute__((visibility("default"))) void* LocalFree(void* text) {
  hc::simulator::ReturnedTexts::instance().forget(text, hc::TextMemory::LocalFree);
  std::free(text);
  return nullptr;
}
#endif
