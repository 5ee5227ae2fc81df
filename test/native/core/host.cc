// The core and the simulated host, each as it is: one life of a system, and many environments that
// end at any moment.
#include "core/host.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "../support/check.h"
#include "../support/environment.h"
#include "../support/simulated-host.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)
namespace f = hc::functions::vmcompute;

const char16_t* const kDocument =
    u"{\"Owner\":\"test\",\"SchemaVersion\":{\"Major\":2,\"Minor\":1},"
    u"\"ShouldTerminateOnLastHandleClosed\":true,\"Container\":{\"Storage\":{\"Layers\":["
    u"{\"Id\":\"b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02\",\"Path\":\"C:\\\\layer\"}],\"Path\":\"C:"
    u"\\\\scratch\"}}}";

bool nothingOpen() {
  return control(u"{\"State\":{}}")
             .find(
                 u"{\"System\":0,\"Process\":0,\"Registration\":0,\"Network\":0,"
                 u"\"Operation\":0,\"Disk\":0}") != std::u16string::npos;
}

std::uint64_t create(Environment& environment, const std::u16string& name) {
  auto call = environment.make<f::HcsCreateComputeSystem>();
  std::get<0>(call->slots) = name;
  std::get<1>(call->slots) = kDocument;
  return environment.submit(std::move(call));
}

// Why a library is not opened is what the loader says of it.
void missingLibrary() {
  Libraries::Paths paths;
  paths[static_cast<std::size_t>(kMainLibrary)] = pathOf("/nowhere/no-such-library");
  const auto opened = Libraries::open(paths);
  CHECK(opened.libraries == nullptr && opened.error.size() > 20);
  const auto none = Libraries::open({});
  CHECK(none.libraries == nullptr && none.error == "a host has a vmcompute library");
}

void live(Environment& environment) {
  const auto created =
      environment.completion<f::HcsCreateComputeSystem>(create(environment, u"life"));
  CHECK(created->ending == Ending::Notified && created->notification.status == kOk);
  const auto system = created->opened();
  if (!CHECK(system != nullptr)) return;

  const auto started = environment.completion<f::HcsStartComputeSystem>(
      environment.begin<f::HcsStartComputeSystem>(system));
  CHECK(started->ending == Ending::Notified && started->notification.type == 3);
  const auto again = environment.completion<f::HcsStartComputeSystem>(
      environment.begin<f::HcsStartComputeSystem>(system));
  CHECK(again->ending == Ending::Returned && again->status == 0xC0370105);
  CHECK(std::get<2>(again->results).has_value());

  auto process = environment.make<f::HcsCreateProcess>();
  CHECK(process->use(system));
  std::get<0>(process->slots) = static_cast<HcsSystem*>(system->value());
  std::get<1>(process->slots) = u"{\"CommandLine\":\"cmd\"}";
  const auto running =
      environment.completion<f::HcsCreateProcess>(environment.submit(std::move(process)));
  CHECK(running->status == kOk && running->registration == kOk && running->opened());

  const auto ended = environment.completion<f::HcsTerminateComputeSystem>(
      environment.begin<f::HcsTerminateComputeSystem>(system));
  CHECK(ended->ending == Ending::Notified && ended->notification.type == 1);
  CHECK(environment.reader.completion(environment.close(system))->status == kOk);
  CHECK(!nothingOpen());  // the process
}

void life() {
  control(u"{\"Reset\":{}}");
  Environment environment(libraries());
  live(environment);
  CHECK(environment.end());
  CHECK(nothingOpen());
}

// Every environment has its host, and all share the library, as worker threads do.
void environments(int number, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    Environment environment(libraries());
    std::vector<std::uint64_t> creates;
    for (int i = 0; i < 6; ++i) {
      const std::string name =
          std::to_string(number) + "-" + std::to_string(round) + "-" + std::to_string(i);
      creates.push_back(create(environment, {name.begin(), name.end()}));
    }
    // How much is answered before the end differs from round to round.
    std::vector<std::shared_ptr<Handle>> systems;
    for (int i = 0; i < round % 24; ++i) {
      const auto record = environment.reader.next();
      if (!CHECK(record != nullptr)) return;
      if (record->operation &&
          std::find(creates.begin(), creates.end(), record->id) != creates.end()) {
        auto& call = static_cast<TestCall<f::HcsCreateComputeSystem>&>(*record->operation);
        if (!CHECK(call.opened() != nullptr)) return;
        systems.push_back(call.opened());
        environment.begin<f::HcsStartComputeSystem>(call.opened());
      }
      if (systems.empty()) continue;
      const auto& system = systems[static_cast<std::size_t>(i) % systems.size()];
      if (i % 5 == 4) environment.begin<f::HcsTerminateComputeSystem>(system);
      if (i % 7 == 6) environment.close(system);
      if (i % 3 == 2) environment.begin<f::HcsGetComputeSystemProperties>(system);
      // Something that is always answered, so that there is a next record.
      environment.submit(environment.make<f::HcsEnumerateComputeSystems>());
    }
    systems.clear();
    CHECK(environment.end());
  }
}

void manyEnvironments(const char16_t* configuration) {
  control(u"{\"Reset\":{}}");
  control(configuration);
  std::vector<std::thread> threads;
  for (int number = 0; number < 3; ++number) {
    threads.emplace_back([number] { environments(number, 72); });
  }
  for (auto& thread : threads) thread.join();
  CHECK(nothingOpen());
}

}  // namespace

// The C library frees the thread-local memory of a library that was opened at run time where
// ThreadSanitizer does not see that its thread has ended.
#if !defined(_WIN32)
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_suppressions() {
  return "race:_dl_deallocate_tls\n";
}
#endif

int main() {
  missingLibrary();
  if (!CHECK(libraries() != nullptr)) return summary();
  life();
  manyEnvironments(u"{\"Configure\":{\"Completion\":\"pending\"}}");
  manyEnvironments(u"{\"Configure\":{\"Completion\":\"early\"}}");
  manyEnvironments(
      u"{\"Configure\":{\"Profile\":{\"Create\":1,\"Start\":1,\"Terminate\":1,\"Jitter\":1}}}");
  return summary();
}
