#include "expansion.h"

#include <algorithm>

#include "../guest/guest-files.h"
#include "../guest/launch.h"

namespace hc::simulator::cmd {
namespace {

constexpr std::size_t kLongest = 4 * 1024 * 1024;
constexpr std::size_t kMostWork = 16 * kLongest;  // the values that are looked at, together

std::optional<long> signedNumber(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 9) return std::nullopt;
  long number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return negative ? -number : number;
}

// START[,COUNT]; a negative one counts from the end.
std::optional<std::string> part(const std::string& value, std::string_view range) {
  const std::size_t comma = std::min(range.find(','), range.size());
  const auto start = signedNumber(range.substr(0, comma));
  if (!start) return std::nullopt;
  const auto size = static_cast<long>(value.size());
  const long from = std::clamp(*start < 0 ? size + *start : *start, 0L, size);
  long to = size;
  if (comma != range.size()) {
    const auto count = signedNumber(range.substr(comma + 1));
    if (!count) return std::nullopt;
    to = std::clamp(*count < 0 ? size + *count : from + *count, from, size);
  }
  return value.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
}

// For each prefix of a text the longest beginning of it that is also its end (Knuth, Morris,
// Pratt).
std::vector<std::size_t> bordersOf(std::string_view text) {
  std::vector<std::size_t> borders(text.size(), 0);
  for (std::size_t i = 1, size = 0; i < text.size(); ++i) {
    while (size != 0 && text[i] != text[size]) size = borders[size - 1];
    if (text[i] == text[size]) ++size;
    borders[i] = size;
  }
  return borders;
}

// OLD=NEW, in letters of either case; "*OLD" is all up to the first OLD.
std::optional<std::string> replaced(const std::string& value, std::string_view change) {
  const std::size_t equals = change.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  std::string old = lowerCase(change.substr(0, equals));
  const std::string_view fresh = change.substr(equals + 1);
  const bool before = old.size() > 1 && old[0] == '*';
  if (before) old.erase(0, 1);
  if (old.empty()) return std::nullopt;
  if (old.size() > value.size()) return value;
  const std::vector<std::size_t> borders = bordersOf(old);
  const std::string lower = lowerCase(value);
  std::string result;
  for (std::size_t i = 0, size = 0, done = 0; i < lower.size(); ++i) {
    while (size != 0 && lower[i] != old[size]) size = borders[size - 1];
    if (lower[i] == old[size]) ++size;
    const bool last = i + 1 == lower.size();
    if (size == old.size()) {
      if (!before) result.append(value, done, i + 1 - old.size() - done);
      result += fresh;
      if (result.size() > kLongest) return result;
      done = i + 1;
      size = 0;
    }
    if (last || (before && done != 0)) {
      result.append(value, done, std::string::npos);
      break;
    }
  }
  return result;
}

// What stands between two marks.
std::optional<std::string> valueOf(std::string_view text, const Lookup& lookup, std::size_t* work) {
  if (auto value = lookup(std::string(text))) return value;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const auto value = lookup(std::string(text.substr(0, colon)));
  const std::string_view change = text.substr(colon + 1);
  if (!value) return std::nullopt;
  *work += value->size();
  return change.substr(0, 1) == "~" ? part(*value, change.substr(1)) : replaced(*value, change);
}

struct PathParts {
  std::string_view drive, folder, name, extension;
};

PathParts partsOf(std::string_view path) {
  PathParts parts;
  parts.drive = path.substr(0, 2);
  path.remove_prefix(std::min<std::size_t>(2, path.size()));
  const std::size_t slash = path.find_last_of('\\');
  const std::size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
  parts.folder = path.substr(0, begin);
  const std::string_view file = path.substr(begin);
  const std::size_t point = std::min(file.rfind('.'), file.size());
  parts.name = file.substr(0, point);
  parts.extension = file.substr(point);
  return parts;
}

std::string modified(const std::string& value, std::string_view modifiers,
                     const std::string& directory) {
  const std::string plain(withoutQuotes(value));
  if (modifiers.empty()) return plain;
  const std::string path = absolutePath(directory, plain);
  if (modifiers.find('f') != std::string_view::npos) return path;
  const PathParts parts = partsOf(path);
  std::string result;
  for (const auto& [letter, piece] : {std::pair{'d', parts.drive}, std::pair{'p', parts.folder},
                                      std::pair{'n', parts.name}, std::pair{'x', parts.extension}})
    if (modifiers.find(letter) != std::string_view::npos) result += piece;
  return result;
}

}  // namespace

std::optional<std::string> expand(std::string_view text, char mark, const Lookup& lookup) {
  const std::size_t first = text.find(mark);
  if (first == std::string_view::npos) return std::string(text);
  std::string result(text.substr(0, first));
  std::size_t work = 0;
  for (std::size_t at = first; at < text.size();) {
    const std::size_t end = text[at] == mark ? text.find(mark, at + 1) : std::string_view::npos;
    if (text[at] == mark && end == std::string_view::npos) return result.append(text.substr(at));
    std::optional<std::string> value;
    if (end != std::string_view::npos && end > at + 1)
      value = valueOf(text.substr(at + 1, end - at - 1), lookup, &work);
    if (value) {
      result += *value;
      at = end + 1;
    } else {
      const std::size_t next = std::min(text.find(mark, at + 1), text.size());
      result.append(text.substr(at, next - at));
      at = next;
    }
    if (result.size() > std::max(kLongest, text.size()) || work > kMostWork) return std::nullopt;
  }
  return result;
}

std::string expandLoop(std::string_view text,
                       const std::vector<std::pair<char, std::string>>& variables,
                       const std::string& directory) {
  const auto find = [&](char name) -> const std::string* {
    for (auto at = variables.rbegin(); at != variables.rend(); ++at)
      if (at->first == name) return &at->second;
    return nullptr;
  };
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t sign = std::min(text.find('%', at), text.size());
    result.append(text.substr(at, sign - at));
    at = sign;
    if (at == text.size()) break;
    std::size_t name = at + 1;
    const bool tilde = name < text.size() && text[name] == '~';
    if (tilde) ++name;
    const std::size_t begin = name;
    constexpr std::string_view kModifiers = "fdpnx";
    // The last letter is the variable, and may be one that a modifier could be.
    std::size_t used = 0;
    std::string value;
    for (; name < text.size() && name - begin <= kModifiers.size(); ++name) {
      if (const std::string* found = find(text[name])) {
        used = name + 1 - at;
        value = tilde ? modified(*found, text.substr(begin, name - begin), directory) : *found;
      }
      if (!tilde || kModifiers.find(text[name]) == std::string_view::npos) break;
    }
    result += used == 0 ? std::string(1, '%') : value;
    at += std::max<std::size_t>(used, 1);
  }
  return result;
}

std::string_view withoutQuotes(std::string_view text) {
  if (!text.empty() && text.front() == '"') text.remove_prefix(1);
  if (!text.empty() && text.back() == '"') text.remove_suffix(1);
  return text;
}

std::string withoutAllQuotes(std::string_view text) {
  std::string plain(text);
  plain.erase(std::remove(plain.begin(), plain.end(), '"'), plain.end());
  return plain;
}

}  // namespace hc::simulator::cmd
