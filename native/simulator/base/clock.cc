#include "clock.h"

#include <atomic>

#include "json.h"
#include "scheduler.h"

namespace hc::simulator {
namespace {

// Proleptic Gregorian date of a day number counted from 1970-01-01.
void civil(std::int64_t day, std::int64_t* year, unsigned* month, unsigned* dayOfMonth) {
  day += 719468;  // counted from 0000-03-01: a leap day is then the last of its year
  const std::int64_t era = (day >= 0 ? day : day - 146096) / 146097;
  const auto inEra = static_cast<unsigned>(day - era * 146097);
  const unsigned yearOfEra = (inEra - inEra / 1460 + inEra / 36524 - inEra / 146096) / 365;
  const unsigned inYear = inEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const unsigned march = (5 * inYear + 2) / 153;
  *dayOfMonth = inYear - (153 * march + 2) / 5 + 1;
  *month = march < 10 ? march + 3 : march - 9;
  *year = era * 400 + yearOfEra + (*month <= 2 ? 1 : 0);
}

void append(std::u16string* text, std::uint64_t value, std::size_t width) {
  const std::u16string digits = json::decimalText(value);
  if (digits.size() < width) text->append(width - digits.size(), u'0');
  text->append(digits);
}

// Nanoseconds. Written under the lock of the scheduler only.
constexpr std::int64_t kRunning = INT64_MIN;
std::atomic<std::int64_t> frozen{kRunning};  // the virtual time
std::atomic<std::int64_t> frozenSince{0};    // when it became virtual
std::atomic<std::int64_t> frozenDate{0};     // the date it was then
std::atomic<std::int64_t> ahead{0};          // how far virtual time has left the real one behind

std::chrono::nanoseconds dateNow() { return std::chrono::system_clock::now().time_since_epoch(); }

std::int64_t realNow() {
  return Duration(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Time Clock::now() {
  const std::int64_t still = frozen.load();
  return Time(Duration(still != kRunning ? still : realNow() + ahead.load()));
}

bool Clock::isVirtual() { return frozen.load() != kRunning; }

Duration Clock::elapsed() {
  const std::int64_t still = frozen.load();
  return Duration(still != kRunning ? still - frozenSince.load() : 0);
}

void Clock::freeze() {
  const std::int64_t time = now().time_since_epoch().count();
  frozenDate.store(dateNow().count());
  frozenSince.store(time);
  frozen.store(time);
}

void Clock::thaw() {
  ahead.store(frozen.load() - realNow());
  frozen.store(kRunning);
}

void Clock::restart() {
  ahead.store(0);
  frozen.store(kRunning);
}

Time Clock::realTimeOf(Time time) { return time - Duration(ahead.load()); }

void Clock::move(Time time) { frozen.store(time.time_since_epoch().count()); }

Scheduler& Clock::scheduler() {
  static Scheduler& scheduler = *new Scheduler;
  return scheduler;
}

std::u16string Clock::dateTime(Time time) {
  const auto ago = now() - time;
  const auto today = isVirtual() ? std::chrono::nanoseconds(frozenDate.load()) : dateNow();
  const auto since = today + elapsed() - ago;
  const auto ticks = std::chrono::duration_cast<std::chrono::nanoseconds>(since).count() / 100;
  const std::int64_t seconds = ticks / 10'000'000;
  std::int64_t year = 0;
  unsigned month = 0, day = 0;
  civil(seconds / 86400, &year, &month, &day);
  std::u16string text;
  append(&text, static_cast<std::uint64_t>(year), 4);
  append(&(text += u'-'), month, 2);
  append(&(text += u'-'), day, 2);
  append(&(text += u'T'), static_cast<std::uint64_t>(seconds / 3600 % 24), 2);
  append(&(text += u':'), static_cast<std::uint64_t>(seconds / 60 % 60), 2);
  append(&(text += u':'), static_cast<std::uint64_t>(seconds % 60), 2);
  append(&(text += u'.'), static_cast<std::uint64_t>(ticks % 10'000'000), 7);
  return text += u'Z';
}

Duration milliseconds(double value) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(value));
}

}  // namespace hc::simulator
