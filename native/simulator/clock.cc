#include "clock.h"

#include <algorithm>
#include <utility>

#include "json.h"
#include "threads.h"

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

}  // namespace

Time Clock::now() { return std::chrono::steady_clock::now(); }

std::u16string Clock::dateTime(Time time) {
  const auto ago = now() - time;
  const auto since = std::chrono::system_clock::now().time_since_epoch() - ago;
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

bool Clock::waitUntil(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                      Time time) {
  changed.wait_until(lock, time);
  return now() >= time;
}

Duration milliseconds(double value) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(value));
}

bool Scheduler::later(const Entry& a, const Entry& b) {
  return a.due != b.due ? a.due > b.due : a.order > b.order;
}

void Scheduler::at(Time due, std::function<void()> task) {
  std::unique_lock lock(mutex_);
  heap_.push_back({due, next_++, std::move(task)});
  std::push_heap(heap_.begin(), heap_.end(), later);
  if (!std::exchange(started_, true)) startThread([this] { run(); });
  lock.unlock();
  changed_.notify_one();
}

void Scheduler::clear() {
  std::vector<Entry> forgotten;  // outlives the lock: what tasks own may take locks when it goes
  std::lock_guard lock(mutex_);
  forgotten.swap(heap_);
}

void Scheduler::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (heap_.empty()) {
      changed_.wait(lock);
    } else if (heap_.front().due <= Clock::now()) {
      std::pop_heap(heap_.begin(), heap_.end(), later);
      std::function<void()> task = std::move(heap_.back().task);
      heap_.pop_back();
      lock.unlock();
      task();
      task = nullptr;
      lock.lock();
    } else {
      Clock::waitUntil(changed_, lock, heap_.front().due);
    }
  }
}

}  // namespace hc::simulator
