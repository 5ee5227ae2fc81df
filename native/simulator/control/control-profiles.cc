// The Profile of Configure, and the Profiles command.
#include "../host/host.h"
#include "control.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;
using json::Writer;

constexpr std::u16string_view kCustom = u"custom";

Operation operationAt(std::size_t index) { return static_cast<Operation>(index); }

// What a member of a profile sets; null when it has none of that name.
double* placeOf(std::u16string_view name, Latency* latency) {
  if (name == u"Jitter") return &latency->jitter;
  if (name == u"RareShare") return &latency->rareShare;
  if (name == u"RareMs") return &latency->rareMs;
  for (std::size_t at = 0; at < kOperations; ++at)
    if (operationName(operationAt(at)) == name) return &latency->phases[at];
  return nullptr;
}

Refusal readNamed(std::u16string_view name, Settings* settings) {
  std::u16string known;
  for (const Profile& profile : kProfiles) {
    if (profile.name == name) {
      settings->latency = profile.latency;
      settings->profile = profile.name;
      return std::nullopt;
    }
    known.append(u" \"").append(profile.name).append(u"\",");
  }
  return u"$.Configure.Profile must be" + known + u" or an object of milliseconds by operation.";
}

}  // namespace

// A profile replaces the whole one before it: an operation that it does not name takes no time.
Refusal readProfile(const Value& profile, Settings* settings) {
  if (!profile.is(Type::Object))
    return readNamed(profile.is(Type::String) ? profile.text : u"", settings);
  Latency latency;
  for (std::size_t i = 0; i < profile.items.size(); ++i) {
    const std::u16string path = u"$.Configure.Profile." + profile.names[i];
    double* place = placeOf(profile.names[i], &latency);
    if (place == nullptr) {
      return path +
             u" must be an operation or a setting: Create, Start, Pause, Resume, Save, Shutdown, "
             u"Terminate, "
             u"Jitter, RareShare, RareMs.";
    }
    const auto value = millisecondsOf(profile.items[i]);
    if (place == &latency.jitter || place == &latency.rareShare) {
      if (!value || *value > 1) return path + u" must be a share from 0 to 1.";
    } else if (!value) {
      return path + u" must be milliseconds, 0 to 86400000.";
    }
    *place = *value;
  }
  settings->latency = latency;
  settings->profile = kCustom;
  return std::nullopt;
}

void writeLatency(Writer& writer, const Latency& latency) {
  writer.beginObject();
  for (std::size_t at = 0; at < kOperations; ++at)
    writer.key(operationName(operationAt(at))).decimal(latency.phases[at]);
  writer.key(u"Jitter").decimal(latency.jitter);
  writer.key(u"RareShare").decimal(latency.rareShare);
  writer.key(u"RareMs").decimal(latency.rareMs).endObject();
}

Refusal profilesCommand(const Value& arguments, Writer& writer) {
  if (!arguments.is(Type::Object) || !arguments.items.empty())
    return u"$.Profiles must be an empty object: {}.";
  writer.beginObject().key(u"Profiles").beginArray();
  for (const Profile& profile : kProfiles) {
    writer.beginObject().key(u"Name").string(profile.name);
    writer.key(u"Simulated").boolean(true).key(u"Milliseconds");
    writeLatency(writer, profile.latency);
    writer.key(u"Figure").string(profile.figure).key(u"Source").string(profile.source);
    writer.key(u"Inferred").string(profile.inferred).endObject();
  }
  writer.endArray().endObject();
  return std::nullopt;
}

}  // namespace hc::simulator
