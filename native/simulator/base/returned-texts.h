// Texts that clients were given and have not freed, and the calls that gave them.
//
// A client frees a text with CoTaskMemFree. On Windows that is the system's own, which cannot be
// watched: there the texts are not known. Elsewhere this library exports a function of that name.
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
  void forget(const void* text);
  void forgetAll();
  std::vector<Entry> all();

 private:
  std::mutex mutex_;
  std::unordered_map<const void*, Entry> entries_;
};

}  // namespace hc::simulator

#if !defined(_WIN32)
// In the place of the function of Windows, so that clients free texts by one name everywhere.
extern "C" void CoTaskMemFree(void* text);
#endif
