#include "fault-rules.h"

#include <utility>

namespace hc::simulator {

std::shared_ptr<Rule> FaultRules::match(std::size_t function, std::u16string_view system) {
  std::lock_guard lock(mutex_);
  std::shared_ptr<Rule> winner;
  for (const auto& rule : rules_[function]) {
    if (rule->system && *rule->system != system) continue;
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
