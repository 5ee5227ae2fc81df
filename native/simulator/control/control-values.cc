// Values that several commands read.
#include "control.h"

namespace hc::simulator {

std::optional<HResult> statusOf(const json::Value& value) {
  if (value.is(json::Type::String)) {
    const std::u16string& text = value.text;
    if (text.size() < 3 || text.size() > 10 || text[0] != u'0' || (text[1] | 0x20) != u'x')
      return std::nullopt;
    HResult status = 0;
    for (const char16_t c : text.substr(2)) {
      const auto lower = static_cast<char16_t>(c | 0x20);
      const bool digit = c >= u'0' && c <= u'9';
      if (!digit && (lower < u'a' || lower > u'f')) return std::nullopt;
      status = status * 16 + static_cast<HResult>(digit ? c - u'0' : lower - u'a' + 10);
    }
    return status;
  }
  const auto number = json::toSigned(value);
  if (!number || *number < INT32_MIN || *number > UINT32_MAX) return std::nullopt;
  return static_cast<HResult>(*number);
}

std::optional<double> millisecondsOf(const json::Value& value) {
  constexpr double kDay = 86'400'000;
  const auto number = json::toDouble(value);
  if (!number || *number < 0 || *number > kDay) return std::nullopt;
  return number;
}

}  // namespace hc::simulator
