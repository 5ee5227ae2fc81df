// Writes one JSON text in UTF-16, which is what the names of Windows are in and what JavaScript
// takes. Whoever writes sees to it that arrays and objects are closed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hc::inspect {

class Json {
 public:
  Json& beginObject() { return begin(u'{'); }
  Json& endObject() { return end(u'}'); }
  Json& beginArray() { return begin(u'['); }
  Json& endArray() { return end(u']'); }
  // Of the value that comes next.
  Json& key(const char* name);

  Json& text(std::u16string_view value);
  Json& ascii(std::string_view value);
  Json& number(std::uint64_t value);
  Json& boolean(bool value);
  Json& null();
  // One value that has been written already.
  Json& value(const Json& other);

  const std::u16string& written() const { return written_; }

 private:
  Json& begin(char16_t bracket);
  Json& end(char16_t bracket);
  Json& word(std::string_view value);
  void separate();

  std::u16string written_;
  bool first_ = true;  // nothing stands before what comes next, or its key does
};

}  // namespace hc::inspect
