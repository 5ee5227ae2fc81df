// The Configure command.
#include <utility>

#include "control.h"
#include "host.h"
#include "shape.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;
using json::Writer;

constexpr Member kMembers[] = {{u"Completion", Kind::String}, {u"EchoCompletion", Kind::Boolean},
                               {u"CodeFamily", Kind::String}, {u"PauseContainers", Kind::Boolean},
                               {u"Profile", Kind::Any},       {u"Seed", Kind::Uint64},
                               {u"Clock", Kind::String}};
constexpr Shape kShape = closedShape(kMembers);

constexpr std::u16string_view kCompletions[] = {u"pending", u"now", u"early"};

Operation operationAt(std::size_t index) { return static_cast<Operation>(index); }

// A profile replaces the whole one before it: an operation that it does not name takes no time.
Complaint readProfile(const Value& profile, Settings* settings) {
  for (double& latency : settings->latency) latency = 0;
  settings->jitter = 0;
  if (profile.is(Type::String) && profile.text == u"none") return std::nullopt;
  if (!profile.is(Type::Object))
    return u"$.Configure.Profile must be \"none\" or an object of milliseconds by operation.";
  for (std::size_t i = 0; i < profile.items.size(); ++i) {
    const std::u16string& name = profile.names[i];
    const auto time = millisecondsOf(profile.items[i]);
    bool known = name == u"Jitter";
    if (known) {
      if (!time || *time > 1) return u"$.Configure.Profile.Jitter must be a share from 0 to 1.";
      settings->jitter = *time;
    }
    for (std::size_t at = 0; at < kOperations; ++at) {
      if (operationName(operationAt(at)) != name) continue;
      known = true;
      if (!time) return u"$.Configure.Profile." + name + u" must be milliseconds, 0 to 86400000.";
      settings->latency[at] = *time;
    }
    if (!known)
      return u"$.Configure.Profile." + name +
             u" is not an operation. Use Create, Start, Pause, Resume, Save, Shutdown, Terminate, "
             u"Jitter.";
  }
  return std::nullopt;
}

Complaint read(const Value& arguments, Settings* settings) {
  if (const Value* value = arguments.find(u"Completion"); value != nullptr) {
    if (value->text == u"pending") {
      settings->completion = Completion::Pending;
    } else if (value->text == u"now") {
      settings->completion = Completion::Now;
    } else if (value->text == u"early") {
      settings->completion = Completion::Early;
    } else {
      return u"$.Configure.Completion must be \"pending\", \"now\" or \"early\".";
    }
  }
  if (const Value* value = arguments.find(u"CodeFamily"); value != nullptr) {
    if (value->text != u"hcs" && value->text != u"vmcompute")
      return u"$.Configure.CodeFamily must be \"vmcompute\" (0xC03701xx) or \"hcs\" (0x803701xx).";
    settings->hcsFamily = value->text == u"hcs";
  }
  if (const Value* value = arguments.find(u"Clock"); value != nullptr) {
    if (value->text != u"real" && value->text != u"virtual")
      return u"$.Configure.Clock must be \"real\" or \"virtual\".";
    settings->virtualClock = value->text == u"virtual";
  }
  if (const Value* value = arguments.find(u"EchoCompletion"); value != nullptr)
    settings->echoCompletion = value->boolean;
  if (const Value* value = arguments.find(u"PauseContainers"); value != nullptr)
    settings->pauseContainers = value->boolean;
  if (const Value* value = arguments.find(u"Seed"); value != nullptr)
    settings->seed = *json::toUnsigned(*value);
  const Value* profile = arguments.find(u"Profile");
  return profile != nullptr ? readProfile(*profile, settings) : std::nullopt;
}

void write(Writer& writer, const Settings& settings) {
  writer.beginObject().key(u"Completion");
  writer.string(kCompletions[static_cast<std::size_t>(settings.completion)]);
  writer.key(u"EchoCompletion").boolean(settings.echoCompletion);
  writer.key(u"CodeFamily").string(settings.hcsFamily ? u"hcs" : u"vmcompute");
  writer.key(u"PauseContainers").boolean(settings.pauseContainers);
  writer.key(u"Profile").beginObject();
  for (std::size_t at = 0; at < kOperations; ++at)
    writer.key(operationName(operationAt(at))).decimal(settings.latency[at]);
  writer.key(u"Jitter").decimal(settings.jitter).endObject();
  writer.key(u"Seed").number(settings.seed);
  writer.key(u"Clock").string(settings.virtualClock ? u"virtual" : u"real").endObject();
}

}  // namespace

Complaint configureCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kShape, u"$.Configure")) return problem->text;
  Host& host = Host::instance();
  Settings settings = host.settings();
  if (auto complaint = read(arguments, &settings)) return complaint;
  host.configure(settings, arguments.find(u"Seed") != nullptr);
  Clock::scheduler().useVirtual(settings.virtualClock);
  write(writer, settings);
  return std::nullopt;
}

}  // namespace hc::simulator
