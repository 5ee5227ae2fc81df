// The commands that make something happen: Notify, Exit, Disconnect.
#include <utility>

#include "../base/trace.h"
#include "../documents/requests.h"
#include "../documents/shape.h"
#include "../host/host.h"
#include "../notifications/concurrent-delivery.h"
#include "control.h"

namespace hc::simulator {
namespace {

using json::Type;
using json::Value;
using json::Writer;

constexpr Member kNotifyMembers[] = {
    {u"System", Kind::String, true}, {u"Process", Kind::Uint32}, {u"Type", Kind::Uint32, true},
    {u"Status", Kind::Any},          {u"Data", Kind::Any},       {u"Count", Kind::Uint64},
    {u"Sequence", Kind::Boolean},    {u"Threads", Kind::Uint16}};
constexpr Shape kNotify = closedShape(kNotifyMembers);
constexpr std::uint64_t kMostThreads = 64;

Refusal readNotification(const Value& arguments, Delivery* delivery) {
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

constexpr Member kExitMembers[] = {
    {u"System", Kind::String, true}, {u"Status", Kind::Any},           {u"ExitType", Kind::String},
    {u"Data", Kind::String},         {u"LoseExit", Kind::Boolean},     {u"Process", Kind::Uint32},
    {u"ExitCode", Kind::Uint32},     {u"LastWaitResult", Kind::Int64}, {u"Crash", Kind::Boolean}};
constexpr Shape kExit = closedShape(kExitMembers);
constexpr std::u16string_view kExitTypes[] = {u"None", u"GracefulExit", u"ForcedExit",
                                              u"UnexpectedExit", u"Unknown"};

Refusal exitProcess(const Value& arguments, std::optional<HResult> status, Writer& writer) {
  for (const auto name : {u"ExitType", u"Crash"})
    if (arguments.find(name) != nullptr)
      return std::u16string(u"$.Exit.") + name + u" must not come with Process; leave it out.";
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
    return u"$.Exit.Process must be the id of a process that runs in the system.";
  writer.beginObject().endObject();
  return std::nullopt;
}

constexpr Member kDisconnectMembers[] = {{u"Status", Kind::Any}};
constexpr Shape kDisconnect = closedShape(kDisconnectMembers);

}  // namespace

Refusal notifyCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kNotify, u"$.Notify")) return problem->text;
  Host& host = Host::instance();
  std::optional<std::uint32_t> process;
  if (const Value* id = arguments.find(u"Process"); id != nullptr)
    process = static_cast<std::uint32_t>(*json::toUnsigned(*id));
  std::shared_ptr<NotificationQueue> queue;
  std::shared_ptr<NotificationSource> source;
  if (!host.findSource(arguments.find(u"System")->text, process, &queue, &source))
    return u"$.Notify.System must be the id of a system, and Process the id of a process with an "
           u"open handle.";
  Delivery delivery(source, NotificationMessage(Notification::None, kOk, std::nullopt));
  if (auto refusal = readNotification(arguments, &delivery)) return refusal;
  const Value* many = arguments.find(u"Threads");
  const std::uint64_t threads = many != nullptr ? *json::toUnsigned(*many) : 1;
  if (threads == 0 || threads > kMostThreads) return u"$.Notify.Threads must be from 1 to 64.";
  const std::uint64_t count = delivery.count;
  if (threads > 1) {
    if (Trace::instance().on()) {
      Trace::instance().notification(delivery.message.rawType, source->name,
                                     delivery.message.status, count, u" from many threads");
    }
    deliverConcurrently(host.inFlight, queue->subscribers(*source), delivery,
                        static_cast<int>(threads));
  } else if (count != 0) {
    queue->post(std::move(delivery));
  }
  writer.beginObject().key(u"Queued").number(count).endObject();
  return std::nullopt;
}

Refusal exitCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kExit, u"$.Exit")) return problem->text;
  std::optional<HResult> given;
  if (const Value* status = arguments.find(u"Status"); status != nullptr) {
    given = statusOf(*status);
    if (!given) return u"$.Exit.Status must be a number or a text such as \"0xC0370106\".";
  }
  if (arguments.find(u"Process") != nullptr) return exitProcess(arguments, given, writer);
  for (const auto name : {u"ExitCode", u"LastWaitResult"})
    if (arguments.find(name) != nullptr)
      return std::u16string(u"$.Exit.") + name +
             u" must come with Process, as it is about a process.";
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

Refusal disconnectCommand(const Value& arguments, Writer& writer) {
  if (auto problem = check(arguments, kDisconnect, u"$.Disconnect")) return problem->text;
  HResult lost = kServerUnavailable;
  if (const Value* status = arguments.find(u"Status"); status != nullptr) {
    const auto given = statusOf(*status);
    if (!given || !failed(*given))
      return u"$.Disconnect.Status must be a failure code, \"0x800706BA\" or \"0x800706BE\".";
    lost = *given;
  }
  Host::instance().disconnect(lost);
  writer.beginObject().endObject();
  return std::nullopt;
}

}  // namespace hc::simulator
