#include "control.h"

#include <utility>

#include "../base/utf8.h"
#include "../documents/shape.h"
#include "../host/host.h"
#include "../network/store.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;
using json::Writer;

Refusal noMembers(const Value& arguments, std::u16string_view command) {
  if (arguments.is(Type::Object) && arguments.items.empty()) return std::nullopt;
  return std::u16string(u"$.").append(command) + u" must be an empty object: {}.";
}

Refusal resetCommand(const Value& arguments, Writer& writer) {
  if (auto refusal = noMembers(arguments, u"Reset")) return refusal;
  if (Registration::onCallbackThread())
    return u"Reset waits for running callbacks, so it must not be sent from a callback.";
  writeState(writer);
  Host::instance().reset();
  return std::nullopt;
}

Refusal reconnectCommand(const Value& arguments, Writer& writer) {
  if (auto refusal = noMembers(arguments, u"Reconnect")) return refusal;
  Host::instance().reconnect();
  writer.beginObject().endObject();
  return std::nullopt;
}

// The network service alone: systems go on.
Refusal restartNetworksCommand(const Value& arguments, Writer& writer) {
  if (auto refusal = noMembers(arguments, u"RestartNetworks")) return refusal;
  network::Store::instance().restart();
  writer.beginObject().endObject();
  return std::nullopt;
}

constexpr Member kServeMembers[] = {{u"Path", Kind::String, false}};
constexpr Shape kServeShape = closedShape(kServeMembers);

Refusal serveCommand(const Value& arguments, ServeFunction serve, Writer& writer) {
  if (auto problem = check(arguments, kServeShape, u"$.Serve")) return problem->text;
  const Value* given = arguments.find(u"Path");
  std::string path = given != nullptr ? toUtf8(given->text) : std::string();
  if (const auto refusal = serve(&path))
    return u"$.Serve.Path: " + toUtf16(path) + u' ' + toUtf16(*refusal) + u'.';
  writer.beginObject().key(u"Path").string(toUtf16(path)).endObject();
  return std::nullopt;
}

struct Command {
  std::u16string_view name;
  Refusal (*run)(const Value& arguments, Writer& writer);
};

constexpr Command kCommands[] = {
    {u"Reset", resetCommand},
    {u"Configure", configureCommand},
    {u"Inject", injectCommand},
    {u"Clear", clearCommand},
    {u"Release", releaseCommand},
    {u"Notify", notifyCommand},
    {u"Exit", exitCommand},
    {u"Disconnect", disconnectCommand},
    {u"Reconnect", reconnectCommand},
    {u"State", stateCommand},
    {u"Await", awaitCommand},
    {u"Advance", advanceCommand},
    {u"Drain", drainCommand},
    {u"Profiles", profilesCommand},
    {u"Trace", traceCommand},
    {u"RestartNetworks", restartNetworksCommand},
    {u"Serve", nullptr},  // with the function to serve by
};

// Not as documents of clients are parsed: a null that a command is given means something.
Refusal parseRequest(const char16_t* text, Value* request) {
  json::Error error;
  auto parsed = json::parse(text != nullptr ? text : u"", &error);
  if (!parsed)
    return u"Not valid JSON at offset " + json::decimalText(error.offset) + u": " + error.what +
           u'.';
  if (!parsed->is(Type::Object)) return u"$ must be an object.";
  *request = std::move(*parsed);
  return std::nullopt;
}

Refusal dispatch(const char16_t* text, ServeFunction serve, Writer& writer) {
  Value request;
  if (auto refusal = parseRequest(text, &request)) return refusal;
  if (request.items.size() != 1) return u"$ must have exactly one member, which names the command.";
  for (const Command& command : kCommands)
    if (command.name == request.names[0])
      return command.run != nullptr ? command.run(request.items[0], writer)
                                    : serveCommand(request.items[0], serve, writer);
  std::u16string known;
  for (const Command& command : kCommands) {
    if (!known.empty()) known += u", ";
    known += command.name;
  }
  return u"$." + request.names[0] + u" must be a command: " + known + u'.';
}

}  // namespace

std::u16string control(const char16_t* request, ServeFunction serve, bool* understood) {
  Writer writer;
  const Refusal refusal = dispatch(request, serve, writer);
  *understood = !refusal;
  if (!refusal) return writer.take();
  Writer error;
  return error.beginObject().key(u"Error").string(*refusal).endObject().take();
}

}  // namespace hc::simulator
