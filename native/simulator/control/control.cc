#include "control.h"

#include <utility>

#include "../base/trace.h"
#include "../base/utf8.h"
#include "../documents/shape.h"
#include "../host/host.h"
#include "../notifications/concurrent-delivery.h"
#include "../remote/remote-server.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;
using json::Writer;

constexpr Member kRuleMembers[] = {{u"Rule", Kind::Uint64}};
constexpr Shape kRuleShape = closedShape(kRuleMembers);

Complaint noMembers(const Value& arguments, std::u16string_view command) {
  if (arguments.is(Type::Object) && arguments.items.empty()) return std::nullopt;
  return std::u16string(u"$.").append(command) + u" must be an empty object: {}.";
}

Complaint resetCommand(const Value& arguments, Writer& writer) {
  if (auto complaint = noMembers(arguments, u"Reset")) return complaint;
  if (Registration::onCallbackThread())
    return u"Reset waits for running callbacks, so it must not be requested from inside one.";
  writeState(writer);
  Host::instance().reset();
  return std::nullopt;
}

// What blocked calls look at changes under the lock of the census, which then wakes them.
Complaint clearCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kRuleShape, u"$.Clear")) return problem->text;
  Host& host = Host::instance();
  const Value* which = arguments.find(u"Rule");
  const std::uint64_t id = which != nullptr ? json::toUnsigned(*which).value_or(0) : 0;
  if (which != nullptr && id == 0) return u"$.Clear.Rule must be the number of a rule.";
  const auto removed = host.faults.remove(id);
  if (which != nullptr && removed.empty()) return u"$.Clear.Rule: there is no such rule.";
  host.census.update([&] {
    for (const auto& rule : removed) rule->cleared = true;
  });
  writer.beginObject().key(u"Cleared").number(removed.size()).endObject();
  return std::nullopt;
}

Complaint releaseCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kRuleShape, u"$.Release")) return problem->text;
  Host& host = Host::instance();
  const Value* which = arguments.find(u"Rule");
  const auto rule = host.faults.find(which != nullptr ? json::toUnsigned(*which).value_or(0) : 0);
  if (!rule) return u"$.Release.Rule must be the number of a rule that Inject answered.";
  host.census.update([&] { ++rule->releases; });
  writer.beginObject().endObject();
  return std::nullopt;
}

constexpr Member kNotifyMembers[] = {
    {u"System", Kind::String, true}, {u"Process", Kind::Uint32}, {u"Type", Kind::Uint32, true},
    {u"Status", Kind::Any},          {u"Data", Kind::Any},       {u"Count", Kind::Uint64},
    {u"Sequence", Kind::Boolean},    {u"Threads", Kind::Uint16}};
constexpr Shape kNotify = closedShape(kNotifyMembers);
constexpr std::uint64_t kMostThreads = 64;

Complaint readNotification(const Value& arguments, Delivery* delivery) {
  NotificationMessage& message = delivery->message;
  message.rawType = static_cast<std::uint32_t>(*json::toUnsigned(*arguments.find(u"Type")));
  if (const Value* status = arguments.find(u"Status"); status != nullptr) {
    const auto code = statusOf(*status);
    if (!code) return u"$.Notify.Status must be a number or a text such as \"0xC0370106\".";
    message.status = *code;
  }
  if (const Value* data = arguments.find(u"Data"); data != nullptr && !data->is(Type::Null)) {
    if (!data->is(Type::String)) return u"$.Notify.Data must be a string or null.";
    message.data = data->text;
  }
  const Value* sequence = arguments.find(u"Sequence");
  delivery->sequence = sequence != nullptr && sequence->boolean;
  const Value* count = arguments.find(u"Count");
  delivery->count = count != nullptr ? *json::toUnsigned(*count) : 1;
  return std::nullopt;
}

Complaint notifyCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kNotify, u"$.Notify")) return problem->text;
  Host& host = Host::instance();
  std::optional<std::uint32_t> process;
  if (const Value* id = arguments.find(u"Process"); id != nullptr)
    process = static_cast<std::uint32_t>(*json::toUnsigned(*id));
  std::shared_ptr<NotificationQueue> queue;
  std::shared_ptr<NotificationSource> source;
  if (!host.findSource(arguments.find(u"System")->text, process, &queue, &source))
    return u"$.Notify: there is no such system, or no handle to such a process.";
  Delivery delivery(source, NotificationMessage(Notification::None, kOk, std::nullopt));
  if (auto complaint = readNotification(arguments, &delivery)) return complaint;
  const Value* many = arguments.find(u"Threads");
  const std::uint64_t threads = many != nullptr ? *json::toUnsigned(*many) : 1;
  if (threads == 0 || threads > kMostThreads) return u"$.Notify.Threads must be from 1 to 64.";
  const std::uint64_t count = delivery.count;
  if (threads > 1) {
    if (Trace::instance().on()) {
      Trace::instance().notification(delivery.message.rawType, source->name,
                                     delivery.message.status, count, u" from many threads");
    }
    deliverConcurrently(host.census, queue->subscribers(*source), delivery,
                        static_cast<int>(threads));
  } else if (count != 0) {
    queue->post(std::move(delivery));
  }
  writer.beginObject().key(u"Queued").number(count).endObject();
  return std::nullopt;
}

constexpr Member kExitMembers[] = {
    {u"System", Kind::String, true}, {u"Status", Kind::Any},           {u"ExitType", Kind::String},
    {u"Data", Kind::String},         {u"LoseExit", Kind::Boolean},     {u"Process", Kind::Uint32},
    {u"ExitCode", Kind::Uint32},     {u"LastWaitResult", Kind::Int64}, {u"Crash", Kind::Boolean}};
constexpr Shape kExit = closedShape(kExitMembers);
constexpr std::u16string_view kExitTypes[] = {u"None", u"GracefulExit", u"ForcedExit",
                                              u"UnexpectedExit", u"Unknown"};

bool flagOf(const Value& object, std::u16string_view name) {
  const Value* value = object.find(name);
  return value != nullptr && value->boolean;
}

Complaint exitProcess(const Value& arguments, std::optional<HResult> status, Writer& writer) {
  for (const auto name : {u"ExitType", u"Crash"})
    if (arguments.find(name) != nullptr)
      return std::u16string(u"$.Exit.") + name + u" means nothing for a process; leave it out.";
  const Value* code = arguments.find(u"ExitCode");
  if (code == nullptr) return u"$.Exit.ExitCode is required with Process.";
  Host::ProcessEnd end;
  end.process = static_cast<std::uint32_t>(*json::toUnsigned(*arguments.find(u"Process")));
  end.exitCode = static_cast<std::uint32_t>(*json::toUnsigned(*code));
  if (const Value* result = arguments.find(u"LastWaitResult"))
    end.lastWaitResult = static_cast<std::int32_t>(*json::toSigned(*result));
  end.status = status.value_or(kOk);
  if (const Value* given = arguments.find(u"Data"); given != nullptr) end.data = given->text;
  end.lost = flagOf(arguments, u"LoseExit");
  if (!Host::instance().exitProcess(arguments.find(u"System")->text, end))
    return u"$.Exit: the system, if there is one, runs no such process.";
  writer.beginObject().endObject();
  return std::nullopt;
}

Complaint exitCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kExit, u"$.Exit")) return problem->text;
  std::optional<HResult> given;
  if (const Value* status = arguments.find(u"Status"); status != nullptr) {
    given = statusOf(*status);
    if (!given) return u"$.Exit.Status must be a number or a text such as \"0xC0370106\".";
  }
  if (arguments.find(u"Process") != nullptr) return exitProcess(arguments, given, writer);
  for (const auto name : {u"ExitCode", u"LastWaitResult"})
    if (arguments.find(name) != nullptr)
      return std::u16string(u"$.Exit.") + name + u" is for a process; give Process as well.";
  Host::SystemEnd end;
  end.status = given.value_or(codeOf(Condition::UnexpectedExit));
  std::u16string_view& type = end.exitType = u"UnexpectedExit";
  if (const Value* wanted = arguments.find(u"ExitType"); wanted != nullptr) {
    type = {};
    for (const auto known : kExitTypes)
      if (wanted->text == known) type = known;
    if (type.empty())
      return u"$.Exit.ExitType must be None, GracefulExit, ForcedExit, UnexpectedExit or Unknown.";
  }
  if (const Value* text = arguments.find(u"Data"); text != nullptr) end.data = text->text;
  end.lost = flagOf(arguments, u"LoseExit");
  end.crash = flagOf(arguments, u"Crash");
  if (const auto* problem = Host::instance().exit(arguments.find(u"System")->text, std::move(end)))
    return problem;
  writer.beginObject().endObject();
  return std::nullopt;
}

constexpr Member kDisconnectMembers[] = {{u"Status", Kind::Any}};
constexpr Shape kDisconnect = closedShape(kDisconnectMembers);

Complaint disconnectCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kDisconnect, u"$.Disconnect")) return problem->text;
  HResult lost = kServerUnavailable;
  if (const Value* status = arguments.find(u"Status"); status != nullptr) {
    const auto given = statusOf(*status);
    if (!given || !failed(*given))
      return u"$.Disconnect.Status must be a failure, \"0x800706BA\" or \"0x800706BE\".";
    lost = *given;
  }
  Host::instance().disconnect(lost);
  writer.beginObject().endObject();
  return std::nullopt;
}

Complaint reconnectCommand(const Value& arguments, Writer& writer) {
  if (auto complaint = noMembers(arguments, u"Reconnect")) return complaint;
  Host::instance().reconnect();
  writer.beginObject().endObject();
  return std::nullopt;
}

constexpr Member kServeMembers[] = {{u"Path", Kind::String, true}};
constexpr Shape kServeShape = closedShape(kServeMembers);

Complaint serveCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kServeShape, u"$.Serve")) return problem->text;
  const std::u16string& path = arguments.find(u"Path")->text;
  if (const auto complaint = serve(toUtf8(path)))
    return u"$.Serve.Path: " + path + u' ' + toUtf16(*complaint) + u'.';
  writer.beginObject().endObject();
  return std::nullopt;
}

struct Command {
  std::u16string_view name;
  Complaint (*run)(const Value& arguments, Writer& writer);
};

constexpr Command kCommands[] = {
    {u"Reset", resetCommand}, {u"Configure", configureCommand},   {u"Inject", injectCommand},
    {u"Clear", clearCommand}, {u"Release", releaseCommand},       {u"Notify", notifyCommand},
    {u"Exit", exitCommand},   {u"Disconnect", disconnectCommand}, {u"Reconnect", reconnectCommand},
    {u"State", stateCommand}, {u"Await", awaitCommand},           {u"Advance", advanceCommand},
    {u"Drain", drainCommand}, {u"Profiles", profilesCommand},     {u"Trace", traceCommand},
    {u"Serve", serveCommand},
};

Complaint dispatch(const char16_t* text, Writer& writer) {
  Value request;
  if (Outcome read = parseDocument(text, &request); !read.ok()) return read.message;
  if (request.items.size() != 1) return u"$ must have exactly one member, which names the command.";
  for (const Command& command : kCommands)
    if (command.name == request.names[0]) return command.run(request.items[0], writer);
  std::u16string known;
  for (const Command& command : kCommands) {
    if (!known.empty()) known += u", ";
    known += command.name;
  }
  return u"$." + request.names[0] + u" is not a command. The commands are " + known + u'.';
}

}  // namespace

std::u16string control(const char16_t* request, bool* understood) {
  Writer writer;
  const Complaint complaint = dispatch(request, writer);
  *understood = !complaint;
  if (!complaint) return writer.take();
  Writer error;
  return error.beginObject().key(u"Error").string(*complaint).endObject().take();
}

std::optional<HResult> statusOf(const Value& value) {
  if (value.is(Type::String)) {
    const std::u16string& text = value.text;
    if (text.size() < 3 || text.size() > 10 || text[0] != u'0' || (text[1] | 0x20) != u'x')
      return std::nullopt;
    HResult status = 0;
    for (const char16_t c : text.substr(2)) {
      const auto lower = static_cast<char16_t>(c | 0x20);
      const bool digit = c >= u'0' && c <= u'9';
      if (!digit && (lower < u'a' || lower > u'f')) return std::nullopt;
      status = status * 16 + static_cast<HResult>(digit ? c - u'0' : lower - u'a' + 10);
    }
    return status;
  }
  const auto number = json::toSigned(value);
  if (!number || *number < INT32_MIN || *number > UINT32_MAX) return std::nullopt;
  return static_cast<HResult>(*number);
}

std::optional<double> millisecondsOf(const Value& value) {
  constexpr double kDay = 86'400'000;
  const auto number = json::toDouble(value);
  if (!number || *number < 0 || *number > kDay) return std::nullopt;
  return number;
}

}  // namespace hc::simulator
