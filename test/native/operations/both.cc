// Clients of computecore.dll and of vmcompute.dll at one host, in interleavings that a seed
// decides: both see the same systems, and one that is driven through one library is driven through
// that alone.
#include <array>
#include <map>
#include <memory>
#include <random>

#include "../support/core-client.h"
#include "simulator/exports/exports.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)
namespace old = hc::simulator::exports::vmcompute;

constexpr HResult kUnknown = 0x80070006;
constexpr HResult kDrivenByOther = 0x80370105;

void forget(char16_t* text) { CoTaskMemFree(text); }

HResult run(HResult (*HC_CALL function)(HcsSystem*, const char16_t*, char16_t**),
            HcsSystem* system) {
  char16_t* result = nullptr;
  const HResult status = function(system, u"", &result);
  forget(result);
  return status;
}

HResult run(HResult (*HC_CALL function)(HcsSystem*, HcsOperation*, const char16_t*),
            HcsSystem* system) {
  Operation operation;
  const HResult status = function(system, operation, nullptr);
  return status != kOk ? status : wait(operation).status;
}

// Without the ids, which are random, and the states that a query of the other library would differ
// in: both have to answer the same text.
std::u16string enumerateOld() {
  char16_t* systems = nullptr;
  char16_t* result = nullptr;
  CHECK(old::HcsEnumerateComputeSystems(u"", &systems, &result) == kOk);
  std::u16string all = systems != nullptr ? systems : u"";
  forget(systems);
  forget(result);
  return all;
}
std::u16string enumerateNew() {
  Operation operation;
  CHECK(HcsEnumerateComputeSystems(nullptr, operation) == kOk);
  return wait(operation).document;
}

struct Entry {
  bool isOld = false;
  HcsSystem* own = nullptr;    // by the library that created it
  HcsSystem* other = nullptr;  // by the other one
  std::u16string state = u"Created";
};

class Pair {
 public:
  explicit Pair(unsigned seed) : random_(seed) {}

  void step() {
    const std::u16string id = u"s" + std::u16string(1, static_cast<char16_t>(u'0' + pick(4)));
    const auto at = systems_.find(id);
    if (at == systems_.end()) {
      create(id);
      return;
    }
    Entry& entry = at->second;
    switch (pick(5)) {
      case 0:
        drive(entry, u"Created", u"Running", old::HcsStartComputeSystem, HcsStartComputeSystem);
        break;
      case 1:
        drive(entry, u"Running", u"Paused", old::HcsPauseComputeSystem, HcsPauseComputeSystem);
        break;
      case 2:
        drive(entry, u"Paused", u"Running", old::HcsResumeComputeSystem, HcsResumeComputeSystem);
        break;
      case 3:
        mix(entry);
        break;
      default:
        if (pick(3) == 0) end(at);
    }
  }

  void compare() {
    const std::u16string all = enumerateOld();
    CHECK(all == enumerateNew());
    for (const auto& [id, entry] : systems_) {
      const auto begin = all.find(u"\"Id\":\"" + id + u"\"");
      CHECK(begin != std::u16string::npos);
      CHECK(all.compare(all.find(u"\"State\":\"", begin) + 9, entry.state.size(), entry.state) ==
            0);
    }
  }

  void endAll() {
    while (!systems_.empty()) end(systems_.begin());
  }

 private:
  int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

  void create(const std::u16string& id) {
    Entry entry;
    entry.isOld = pick(2) == 0;
    char16_t* result = nullptr;
    if (entry.isOld) {
      const HResult status =
          old::HcsCreateComputeSystem(id.c_str(), kContainer, nullptr, &entry.own, &result);
      CHECK(status == kOperationPending);
      CHECK(HcsOpenComputeSystem(id.c_str(), kGenericAll, &entry.other) == kOk);
    } else {
      entry.own = test::create(id.c_str());
      CHECK(old::HcsOpenComputeSystem(id.c_str(), &entry.other, &result) == kOk);
    }
    forget(result);
    systems_.emplace(id, entry);
  }

  template <class Old, class New>
  void drive(Entry& entry, const std::u16string& from, const std::u16string& to, Old byOld,
             New byNew) {
    const bool may = entry.state == from;
    // The other library is refused and changes nothing, whichever comes first.
    const auto foreign = [&] {
      const HResult status = entry.isOld ? run(byNew, entry.other) : run(byOld, entry.other);
      CHECK(status == kDrivenByOther);
    };
    if (pick(2) == 0) foreign();
    const HResult status = entry.isOld ? run(byOld, entry.own) : run(byNew, entry.own);
    CHECK(may ? status == (entry.isOld ? kOperationPending : kOk)
              : failed(status) && status != kOperationPending);
    if (may) entry.state = to;
    if (pick(2) == 0) foreign();
  }

  // A handle of the one is none of the other.
  void mix(const Entry& entry) {
    HcsSystem* const ofOld = entry.isOld ? entry.own : entry.other;
    HcsSystem* const ofNew = entry.isOld ? entry.other : entry.own;
    CHECK(run(old::HcsStartComputeSystem, ofNew) == kUnknown);
    CHECK(run(HcsStartComputeSystem, ofOld) == kUnknown);
    CHECK(old::HcsCloseComputeSystem(ofNew) == kUnknown);
    HcsCloseComputeSystem(ofOld);
    CHECK(run(HcsGetComputeSystemProperties, ofNew) == kOk);
  }

  // By whichever library.
  void end(std::map<std::u16string, Entry>::iterator at) {
    Entry& entry = at->second;
    HcsSystem* const ofOld = entry.isOld ? entry.own : entry.other;
    HcsSystem* const ofNew = entry.isOld ? entry.other : entry.own;
    if (pick(2) == 0)
      CHECK(run(old::HcsTerminateComputeSystem, ofOld) == kOperationPending);
    else
      CHECK(run(HcsTerminateComputeSystem, ofNew) == kOk);
    CHECK(old::HcsCloseComputeSystem(ofOld) == kOk);
    HcsCloseComputeSystem(ofNew);
    systems_.erase(at);
  }

  std::mt19937 random_;
  std::map<std::u16string, Entry> systems_;
};

}  // namespace

int main() {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    reset();
    Pair pair(seed);
    for (int i = 0; i < 60; ++i) {
      pair.step();
      pair.compare();
    }
    pair.endAll();
    quiet();
    CHECK(contains(state(), u"\"Open\":[]"));
  }
  return summary();
}
