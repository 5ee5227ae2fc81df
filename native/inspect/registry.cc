// Values and keys of HKEY_LOCAL_MACHINE, in the view that 64-bit programs have.
#include <algorithm>
#include <vector>

#include "windows-calls.h"

namespace hc::inspect {

namespace {

constexpr std::size_t kMostBytes = 4096;          // of a value
constexpr DWORD kMostToRead = 1024 * 1024;        // of which those are the first
constexpr DWORD kMostNames = 256;                 // of each kind
constexpr std::size_t kLongestName = 16'383 + 1;  // of a value; that of a key has 255

void closeKey(HKEY key) { RegCloseKey(key); }
using OwnedKey = Owned<HKEY, closeKey>;

Failure openKey(const std::u16string& path, OwnedKey& key) {
  HKEY opened = nullptr;
  const LSTATUS error =
      RegOpenKeyExW(HKEY_LOCAL_MACHINE, wide(path), 0, KEY_READ | KEY_WOW64_64KEY, &opened);
  if (error != 0) return {"RegOpenKeyExW", static_cast<std::uint32_t>(error)};
  key.reset(opened);
  return {};
}

struct Value {
  DWORD type = REG_NONE;
  std::vector<BYTE> bytes;

  std::uint64_t number() const {
    std::uint64_t number = 0;
    for (std::size_t i = std::min<std::size_t>(bytes.size(), 8); i > 0; --i)
      number = number << 8 | bytes[i - 1];
    return number;
  }
  // Whoever wrote it may have left out the NUL, or half a character.
  std::u16string text() const {
    std::u16string text;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
      text += static_cast<char16_t>(bytes[i] | bytes[i + 1] << 8);
    return text;
  }
};

// It may grow while it is read.
Failure read(HKEY key, const std::u16string& name, Value& value) {
  value.bytes.resize(kMostBytes);
  for (;;) {
    auto size = static_cast<DWORD>(value.bytes.size());
    const LSTATUS error =
        RegQueryValueExW(key, wide(name), nullptr, &value.type, value.bytes.data(), &size);
    if (error == 0) {
      value.bytes.resize(std::min<std::size_t>(size, kMostBytes));
      return {};
    }
    const auto had = static_cast<DWORD>(value.bytes.size());
    if (error != ERROR_MORE_DATA || had == kMostToRead)
      return {"RegQueryValueExW", static_cast<std::uint32_t>(error)};
    value.bytes.resize(std::min(std::max(size, 2 * had), kMostToRead));
  }
}

const char* nameOf(DWORD type) {
  switch (type) {
    case REG_DWORD:
      return "REG_DWORD";
    case REG_QWORD:
      return "REG_QWORD";
    case REG_SZ:
      return "REG_SZ";
    case REG_EXPAND_SZ:
      return "REG_EXPAND_SZ";
    case REG_MULTI_SZ:
      return "REG_MULTI_SZ";
    case REG_BINARY:
      return "REG_BINARY";
  }
  return "other";
}

void writeTexts(const std::u16string& all, Json& json) {
  json.beginArray();
  std::size_t count = 0;
  for (std::size_t at = 0; at < all.size() && all[at] != u'\0' && count < kMostNames; ++count) {
    const std::size_t end = std::min(all.find(u'\0', at), all.size());
    json.text(std::u16string_view(all).substr(at, end - at));
    at = end + 1;
  }
  json.endArray();
}

void writeDigits(const std::vector<BYTE>& bytes, Json& json) {
  static constexpr char16_t kDigits[] = u"0123456789abcdef";
  std::u16string digits;
  for (const BYTE byte : bytes) {
    digits += kDigits[byte >> 4];
    digits += kDigits[byte & 0xF];
  }
  json.text(digits);
}

void write(const Value& value, Json& json) {
  json.beginObject().key("type").ascii(nameOf(value.type)).key("value");
  switch (value.type) {
    case REG_DWORD:
    case REG_QWORD:
      json.number(value.number());
      break;
    case REG_SZ:
    case REG_EXPAND_SZ: {
      const std::u16string text = value.text();
      json.text(std::u16string_view(text).substr(0, text.find(u'\0')));
      break;
    }
    case REG_MULTI_SZ:
      writeTexts(value.text(), json);
      break;
    default:
      writeDigits(value.bytes, json);
  }
  json.endObject();
}

using Enumerate = LSTATUS (*)(HKEY key, DWORD place, wchar_t* name, DWORD* length);

// One that vanishes or grows while they are read ends the list.
void writeNames(HKEY key, Enumerate enumerate, Json& json) {
  std::vector<wchar_t> name(kLongestName);
  json.beginArray();
  for (DWORD place = 0; place < kMostNames; ++place) {
    auto length = static_cast<DWORD>(name.size());
    if (enumerate(key, place, name.data(), &length) != 0) break;
    json.text(view(name.data(), length));
  }
  json.endArray();
}

}  // namespace

Failure registryValue(const std::u16string& path, const std::u16string& name, Json& json) {
  OwnedKey key;
  if (const Failure failure = openKey(path, key)) return failure;
  Value value;
  if (const Failure failure = read(key.get(), name, value)) return failure;
  write(value, json);
  return {};
}

Failure registryKey(const std::u16string& path, Json& json) {
  OwnedKey key;
  if (const Failure failure = openKey(path, key)) return failure;
  json.beginObject().key("keys");
  writeNames(
      key.get(),
      [](HKEY of, DWORD place, wchar_t* name, DWORD* length) {
        return RegEnumKeyExW(of, place, name, length, nullptr, nullptr, nullptr, nullptr);
      },
      json);
  json.key("values");
  writeNames(
      key.get(),
      [](HKEY of, DWORD place, wchar_t* name, DWORD* length) {
        return RegEnumValueW(of, place, name, length, nullptr, nullptr, nullptr, nullptr);
      },
      json);
  json.endObject();
  return {};
}

}  // namespace hc::inspect
