// The Configure command.
#include <algorithm>
#include <utility>

#include "../base/scheduler.h"
#include "../documents/shape.h"
#include "../host/host.h"
#include "../network/store.h"
#include "../ports/published-ports.h"
#include "control.h"

namespace hc::simulator {
namespace {

using json::Value;
using json::Writer;

constexpr Member kSettings[] = {{u"Completion", Kind::String},
                                {u"EchoCompletion", Kind::Boolean},
                                {u"CodeFamily", Kind::String},
                                {u"PauseContainers", Kind::Boolean},
                                {u"Profile", Kind::Any},
                                {u"Seed", Kind::Uint64},
                                {u"Clock", Kind::String},
                                {u"SiloJobs", Kind::Boolean},
                                {u"User", Kind::String},
                                {u"SchemaVersion", Kind::String},
                                {u"Strict", Kind::Boolean},
                                {u"HnsVersion", Kind::String},
                                {u"UnknownNetworks", Kind::Boolean},
                                {u"PublishedPorts", Kind::Any}};
constexpr Shape kSettingsShape = closedShape(kSettings);

constexpr std::u16string_view kCompletions[] = {u"pending", u"now", u"early"};

// "1.0", or "2.0" and up.
bool readVersion(const std::u16string& text, Dialect* dialect) {
  dialect->schema2 = text != u"1.0";
  if (!dialect->schema2) return true;
  json::Value minor;
  minor.type = json::Type::Number;
  minor.text = text.substr(std::min<std::size_t>(2, text.size()));
  const auto number = json::toUnsigned(minor);
  if (text.compare(0, 2, u"2.") != 0 || !number || *number > UINT8_MAX) return false;
  dialect->minor = static_cast<std::uint8_t>(*number);
  return true;
}

// "15.4".
std::optional<network::Version> readHnsVersion(const std::u16string& text) {
  const std::size_t dot = text.find(u'.');
  if (dot == std::u16string::npos) return std::nullopt;
  json::Value part;
  part.type = json::Type::Number;
  part.text = text.substr(0, dot);
  const auto major = json::toUnsigned(part);
  part.text = text.substr(dot + 1);
  const auto minor = json::toUnsigned(part);
  if (!major || !minor || *major > UINT16_MAX || *minor > UINT16_MAX) return std::nullopt;
  return network::Version{static_cast<std::uint32_t>(*major), static_cast<std::uint32_t>(*minor)};
}

constexpr char16_t kBadPorts[] =
    u"$.Configure.PublishedPorts must be \"any\", \"same\" or an object of ports of this machine "
    u"by "
    u"external port; 0 is any that is free.";

std::optional<std::uint16_t> portOf(const std::u16string& digits) {
  Value number;
  number.type = json::Type::Number;
  number.text = digits;
  const auto port = json::toUnsigned(number);
  if (!port || *port > UINT16_MAX) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

std::optional<PortChoice> readPorts(const Value& value) {
  PortChoice choice;
  choice.same = value.is(json::Type::String) && value.text == u"same";
  if (choice.same || (value.is(json::Type::String) && value.text == u"any")) return choice;
  if (!value.is(json::Type::Object)) return std::nullopt;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const auto external = portOf(value.names[i]);
    const Value& item = value.items[i];
    const auto own = item.is(json::Type::Number) ? portOf(item.text) : std::nullopt;
    if (!external || *external == 0 || !own) return std::nullopt;
    choice.given[*external] = *own;
  }
  return choice;
}

void writePorts(Writer& writer) {
  const PortChoice choice = PublishedPorts::instance().choice();
  writer.key(u"PublishedPorts");
  if (choice.given.empty()) {
    writer.string(choice.same ? u"same" : u"any");
    return;
  }
  writer.beginObject();
  for (const auto& [external, own] : choice.given)
    writer.key(json::decimalText(external)).number(own);
  writer.endObject();
}

Refusal read(const Value& arguments, Settings* settings) {
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
  if (const Value* value = arguments.find(u"User"); value != nullptr) {
    if (value->text.empty()) return u"$.Configure.User must be a name, \"Administrator\" for one.";
    settings->user = value->text;
  }
  if (const Value* value = arguments.find(u"SchemaVersion"); value != nullptr)
    if (!readVersion(value->text, &settings->dialect))
      return u"$.Configure.SchemaVersion must be a version such as \"2.5\", or \"1.0\".";
  if (const Value* value = arguments.find(u"Strict"); value != nullptr)
    settings->dialect.strict = value->boolean;
  if (const Value* value = arguments.find(u"SiloJobs"); value != nullptr)
    settings->siloJobs = value->boolean;
  if (const Value* value = arguments.find(u"UnknownNetworks"); value != nullptr)
    settings->unknownNetworks = value->boolean;
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
  writer.key(u"SiloJobs").boolean(settings.siloJobs);
  writer.key(u"UnknownNetworks").boolean(settings.unknownNetworks);
  writer.key(u"User").string(settings.user);
  const Dialect& dialect = settings.dialect;
  writer.key(u"SchemaVersion");
  writer.string(dialect.schema2 ? u"2." + json::decimalText(dialect.minor) : u"1.0");
  writer.key(u"Strict").boolean(dialect.strict);
  const network::Version hns = network::Store::instance().version();
  writer.key(u"HnsVersion");
  writer.string(json::decimalText(hns.major) + u"." + json::decimalText(hns.minor));
  writePorts(writer);
  writer.key(u"Profile");
  writeLatency(writer, settings.latency);
  writer.key(u"ProfileName").string(settings.profile);
  writer.key(u"Seed").number(settings.seed);
  writer.key(u"Clock").string(settings.virtualClock ? u"virtual" : u"real").endObject();
}

}  // namespace

Refusal configureCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kSettingsShape, u"$.Configure")) return problem->text;
  Host& host = Host::instance();
  Settings settings = host.settings();
  if (auto refusal = read(arguments, &settings)) return refusal;
  if (const Value* value = arguments.find(u"HnsVersion"); value != nullptr) {
    const auto version = readHnsVersion(value->text);
    if (!version) return u"$.Configure.HnsVersion must be a version such as \"15.4\".";
    network::Store::instance().setVersion(*version);
  }
  if (const Value* value = arguments.find(u"PublishedPorts"); value != nullptr) {
    auto choice = readPorts(*value);
    if (!choice) return kBadPorts;
    PublishedPorts::instance().choose(std::move(*choice));
  }
  host.configure(settings, arguments.find(u"Seed") != nullptr);
  Clock::scheduler().useVirtual(settings.virtualClock);
  write(writer, settings);
  return std::nullopt;
}

}  // namespace hc::simulator
