#include "fault-rules.h"

#include <algorithm>
#include <utility>

namespace hc::simulator {
namespace {

char16_t lower(char16_t c) {
  return c >= u'A' && c <= u'Z' ? static_cast<char16_t>(c + (u'a' - u'A')) : c;
}

bool same(std::u16string_view one, std::u16string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](char16_t a, char16_t b) { return lower(a) == lower(b); });
}

// The next word of a request: its method, or a part of its path. Empty: there is none.
std::u16string_view nextWord(std::u16string_view* request) {
  constexpr std::u16string_view kBetween = u" /";
  request->remove_prefix(std::min(request->find_first_not_of(kBetween), request->size()));
  const std::u16string_view word =
      request->substr(0, std::min(request->find_first_of(kBetween), request->size()));
  request->remove_prefix(word.size());
  return word;
}

// Without regard to case and to a slash at the end; "*" stands for any word.
bool sameRequest(std::u16string_view request, std::u16string_view pattern) {
  for (;;) {
    const auto word = nextWord(&request);
    const auto wanted = nextWord(&pattern);
    if (word.empty() || wanted.empty()) return word.empty() && wanted.empty();
    if (wanted != u"*" && !same(word, wanted)) return false;
  }
}

bool hasWord(std::u16string_view request, std::u16string_view wanted) {
  for (auto word = nextWord(&request); !word.empty(); word = nextWord(&request))
    if (same(word, wanted)) return true;
  return false;
}

}  // namespace

bool Rule::concerns(std::u16string_view subject) const {
  return (!system || *system == subject) && (!object || hasWord(subject, *object)) &&
         (!request || sameRequest(subject, *request));
}

std::shared_ptr<Rule> FaultRules::match(std::size_t function, std::u16string_view subject) {
  std::lock_guard lock(mutex_);
  std::shared_ptr<Rule> winner;
  for (const auto& rule : rules_[function]) {
    if (!rule->concerns(subject)) continue;
    const std::uint64_t call = ++rule->seen;
    const bool selected = call >= rule->nth && (rule->count == 0 || call - rule->nth < rule->count);
    const bool applies =
        selected && (rule->probability >= 1 || rule->random.fraction() < rule->probability);
    if (applies && !winner) winner = rule;
  }
  return winner;
}

std::uint64_t FaultRules::add(Rule rule) {
  std::lock_guard lock(mutex_);
  rule.id = ++last_;
  rule.random = SeededRandom(random_.next());
  const std::size_t function = rule.function;
  rules_[function].push_back(std::make_shared<Rule>(std::move(rule)));
  count_.fetch_add(1, std::memory_order_release);
  return last_;
}

void FaultRules::seed(std::uint64_t seed) {
  std::lock_guard lock(mutex_);
  random_ = SeededRandom(seed);
}

std::shared_ptr<Rule> FaultRules::find(std::uint64_t id) {
  std::lock_guard lock(mutex_);
  for (const auto& rules : rules_)
    for (const auto& rule : rules)
      if (rule->id == id) return rule;
  return nullptr;
}

std::vector<std::shared_ptr<Rule>> FaultRules::remove(std::uint64_t id) {
  std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Rule>> removed;
  for (auto& rules : rules_) {
    std::vector<std::shared_ptr<Rule>> kept;
    for (auto& rule : rules) (id == 0 || rule->id == id ? removed : kept).push_back(rule);
    rules = std::move(kept);
  }
  count_.fetch_sub(removed.size());
  return removed;
}

}  // namespace hc::simulator
