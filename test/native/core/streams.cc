// The streams of processes: whoever has them closes them once, and nobody who does not want them
// keeps them.
#include <memory>
#include <string>

#include "../support/check.h"
#include "../support/environment.h"
#include "../support/simulated-host.h"
#include "core/stream.h"

#if !defined(_WIN32)
#include <fcntl.h>
#include <unistd.h>
#endif

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)
namespace f = hc::functions::vmcompute;

const char16_t* const kDocument =
    u"{\"Owner\":\"test\",\"SchemaVersion\":{\"Major\":2,\"Minor\":1},"
    u"\"Container\":{\"Storage\":{\"Layers\":[{\"Id\":\"b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02\","
    u"\"Path\":\"C:\\\\layer\"}],\"Path\":\"C:\\\\scratch\"}}}";
// Ends when its input does.
const char16_t* const kProgram =
    u"{\"CommandLine\":\"sim-cat\",\"CreateStdInPipe\":true,\"CreateStdOutPipe\":true}";

bool reached(const char16_t* counters) {
  const auto request = std::u16string(u"{\"Await\":{\"TimeoutMs\":10000,") + counters + u"}}";
  return control(request.c_str()).find(u"true") != std::u16string::npos;
}

std::shared_ptr<Handle> startSystem(Environment& environment) {
  auto create = environment.make<f::HcsCreateComputeSystem>();
  std::get<0>(create->slots) = u"streams";
  std::get<1>(create->slots) = kDocument;
  const auto created =
      environment.completion<f::HcsCreateComputeSystem>(environment.submit(std::move(create)));
  const auto system = created->opened();
  if (!CHECK(system != nullptr)) return nullptr;
  environment.completion<f::HcsStartComputeSystem>(
      environment.begin<f::HcsStartComputeSystem>(system));
  return system;
}

std::uint64_t createProcess(Environment& environment, const std::shared_ptr<Handle>& system) {
  auto call = environment.make<f::HcsCreateProcess>();
  CHECK(call->use(system));
  std::get<0>(call->slots) = static_cast<HcsSystem*>(system->value());
  std::get<1>(call->slots) = kProgram;
  return environment.submit(std::move(call));
}

ProcessStreams& streamsOf(TestCall<f::HcsCreateProcess>& call) { return std::get<2>(call.results); }

void absent() {
  CHECK(Stream().absent());
  CHECK(Stream(nullptr).absent());
  CHECK(Stream(kInvalidStream).absent());
  const ProcessStreams none(ProcessInformation{4, 0, nullptr, kInvalidStream, nullptr});
  CHECK(none.processId == 4 && none.stdInput.absent() && none.stdOutput.absent() &&
        none.stdError.absent());
}

void dropped(Environment& environment, const std::shared_ptr<Handle>& system) {
  auto call = environment.completion<f::HcsCreateProcess>(createProcess(environment, system));
  const ProcessStreams& streams = streamsOf(*call);
  CHECK(!streams.stdInput.absent() && !streams.stdOutput.absent() && streams.stdError.absent());
  CHECK(reached(u"\"Programs\":1,\"Pipes\":2"));
  call.reset();
  CHECK(reached(u"\"Programs\":0,\"Pipes\":0"));
}

void taken(Environment& environment, const std::shared_ptr<Handle>& system) {
  auto call = environment.completion<f::HcsCreateProcess>(createProcess(environment, system));
  Stream input(streamsOf(*call).stdInput.take());
  Stream output(std::move(streamsOf(*call).stdOutput));
  CHECK(streamsOf(*call).stdInput.absent() && streamsOf(*call).stdOutput.absent());
  call.reset();
  CHECK(reached(u"\"Programs\":1,\"Pipes\":2"));
  { const Stream closed(std::move(input)); }
  CHECK(reached(u"\"Programs\":0,\"Pipes\":0"));
}

// What no one has read when the environment ends is closed with it.
void unread() {
  Environment environment(libraries());
  auto system = startSystem(environment);
  for (int i = 0; i < 5; ++i) createProcess(environment, system);
  system.reset();
  CHECK(reached(u"\"Handles\":{\"Process\":5},\"CallsInside\":0"));
  CHECK(environment.end());
  CHECK(reached(u"\"Programs\":0,\"Pipes\":0,\"Handles\":{\"Process\":0,\"System\":0}"));
}

#if !defined(_WIN32)
// What JavaScript had is closed, unless its number is that of another file by now.
void transferred() {
  int pipes[2][2];
  for (auto& ends : pipes) CHECK(pipe(ends) == 0);
  const int elsewhere = open("/dev/null", O_RDONLY);
  const auto isOpen = [](int descriptor) { return fcntl(descriptor, F_GETFD) != -1; };
  const TransferredDescriptor had(pipes[0][0]);
  for (const int other : {pipes[1][0], elsewhere}) {
    CHECK(dup2(other, pipes[0][0]) == pipes[0][0]);
    had.closeIfOpen();
    CHECK(isOpen(pipes[0][0]));
  }
  close(pipes[0][0]);
  had.closeIfOpen();
  const TransferredDescriptor none(pipes[0][0]);
  CHECK(dup2(elsewhere, pipes[0][0]) == pipes[0][0]);
  none.closeIfOpen();
  CHECK(isOpen(pipes[0][0]));
  for (const int own : {pipes[0][0], pipes[0][1], pipes[1][0], pipes[1][1], elsewhere}) {
    TransferredDescriptor(own).closeIfOpen();
    CHECK(!isOpen(own));
  }
}
#endif

}  // namespace

int main() {
  if (!CHECK(libraries() != nullptr)) return summary();
  absent();
#if !defined(_WIN32)
  transferred();
#endif
  {
    Environment environment(libraries());
    auto system = startSystem(environment);
    if (system) {
      dropped(environment, system);
      taken(environment, system);
      system.reset();
    }
    CHECK(environment.end());
  }
  control(u"{\"Reset\":{}}");
  unread();
  return summary();
}
