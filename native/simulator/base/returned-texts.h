// Texts that clients were given and have not freed, and the calls that gave them.
//
// A client frees a text with CoTaskMemFree or LocalFree, by the library that has returned it. On
// Windows those are the system's own, which cannot be watched: there the texts are not known.
// Elsewhere this library exports functions of these names, and knows of texts that were freed by
// the wrong one.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "in-flight.h"

namespace hc::simulator {

class ReturnedTexts {
 public:
  // Never destroyed: a client may free its last text when the process ends.
  static ReturnedTexts& instance();

  struct Entry {
    CallSite site;
    std::u16string system;  // that the call was about; may be empty
  };

  // A NUL-terminated copy for the client. Any thread, and so are the others.
  char16_t* give(std::u16string_view text, Entry entry);
  // It is freed by the function for this memory.
  void forget(const void* text, TextMemory memory);
  void forgetAll();
  std::vector<Entry> all();
  // Those that were freed by the function for other texts, the first 100.
  std::vector<Entry> misfreed();

 private:
  std::mutex mutex_;
  std::unordered_map<const void*, Entry> entries_;
  std::vector<Entry> misfreed_;
};

}  // namespace hc::simulator

#if !defined(_WIN32)
// In the place of the functions of Windows, so that clients free texts by one name everywhere.
extern "C" void CoTaskMemFree(void* text);
extern "C" void* LocalFree(void* text);
#endif
