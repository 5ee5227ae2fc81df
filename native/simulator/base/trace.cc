#include "trace.h"

#include <array>
#include <utility>

#include "../../abi/functions.h"
#include "clock.h"
#include "outcome.h"

namespace hc::simulator {
namespace {

// Enough for any test, and some ten megabytes.
constexpr std::size_t kMostLines = 100'000;
constexpr std::size_t kMostSkipped = 100;

std::u16string typeName(std::uint32_t type) {
  constexpr std::u16string_view kSystem[] = {u"None",
                                             u"SystemExited",
                                             u"SystemCreateCompleted",
                                             u"SystemStartCompleted",
                                             u"SystemPauseCompleted",
                                             u"SystemResumeCompleted",
                                             u"SystemCrashReport",
                                             u"SystemSiloJobCreated",
                                             u"SystemSaveCompleted",
                                             u"SystemRdpEnhancedModeStateChanged",
                                             u"SystemShutdownFailed",
                                             u"SystemGetPropertiesCompleted",
                                             u"SystemModifyCompleted",
                                             u"SystemCrashInitiated",
                                             u"SystemGuestConnectionClosed",
                                             u"SystemOperationCompletion",
                                             u"SystemPassThru"};
  if (type < std::size(kSystem)) return std::u16string(kSystem[type]);
  if (type == static_cast<std::uint32_t>(Notification::ProcessExited)) return u"ProcessExited";
  if (type == static_cast<std::uint32_t>(Notification::ServiceDisconnect))
    return u"ServiceDisconnect";
  return hexText(type);
}

// Of the network service, whose numbers are its own.
std::u16string networkTypeName(std::uint32_t type) {
  constexpr std::u16string_view kNames[] = {u"Invalid",
                                            u"NetworkPreCreate",
                                            u"NetworkCreate",
                                            u"NetworkPreDelete",
                                            u"NetworkDelete",
                                            u"NamespaceCreate",
                                            u"NamespaceDelete",
                                            u"GuestNetworkServiceCreate",
                                            u"GuestNetworkServiceDelete"};
  if (type < std::size(kNames)) return std::u16string(kNames[type]);
  return type == 0x11 ? u"GuestNetworkServiceStateChanged" : typeName(type);
}

}  // namespace

std::u16string functionKey(std::size_t index) {
  std::u16string name;
  std::size_t at = 0;
  forEachFunction(
      [&](auto function) {
        if (at++ != index) return;
        for (const char* c = decltype(function)::kKey; *c != '\0'; ++c)
          name.push_back(static_cast<char16_t>(*c));
      },
      FunctionList{});
  return name;
}

std::u16string nameOf(std::u16string_view system, std::uint32_t process) {
  std::u16string name = json::Writer().string(system).take();
  if (process != 0) name.append(u"/").append(json::decimalText(process));
  return name;
}

Trace& Trace::instance() {
  static Trace& trace = *new Trace;
  return trace;
}

void Trace::start() {
  forgetLines();
  on_.store(true, std::memory_order_release);
}

void Trace::stop() { on_.store(false, std::memory_order_release); }

void Trace::clear() {
  forgetLines();
  std::lock_guard lock(mutex_);
  skipped_.clear();
}

void Trace::forgetLines() {
  std::lock_guard lock(mutex_);
  lines_.clear();
  dropped_ = 0;
}

void Trace::add(std::u16string line) {
  if (Clock::isVirtual()) {
    const double now = std::chrono::duration<double, std::milli>(Clock::elapsed()).count();
    line = json::Writer().decimal(now).take() + u" " + line;
  }
  std::lock_guard lock(mutex_);
  lines_.push_back(std::move(line));
  if (lines_.size() <= kMostLines) return;
  lines_.pop_front();
  ++dropped_;
}

void Trace::call(std::size_t function, std::u16string_view subject, HResult status) {
  std::u16string line = u"call " + functionKey(function);
  if (!subject.empty()) line.append(u" ").append(subject);
  add(line.append(u" ").append(hexText(status)));
}

void Trace::notification(std::uint32_t type, std::u16string_view subject, HResult status,
                         std::uint64_t count, std::u16string_view remark) {
  const bool network = subject.substr(0, 8) == u"networks";
  std::u16string line = u"notify " + (network ? networkTypeName(type) : typeName(type));
  line.append(u" ").append(subject).append(u" ").append(hexText(status));
  if (count != 1) line.append(u" x").append(json::decimalText(count));
  add(line.append(remark));
}

void Trace::skipped(std::u16string_view what, std::u16string_view name) {
  std::u16string line(what);
  line.append(u" ").append(json::Writer().string(name).take());
  if (on()) add(u"skip " + line);
  std::lock_guard lock(mutex_);
  if (skipped_.size() < kMostSkipped) skipped_.insert(std::move(line));
}

void Trace::writeSkipped(json::Writer& writer) {
  std::lock_guard lock(mutex_);
  writer.beginArray();
  for (const std::u16string& each : skipped_) writer.string(each);
  writer.endArray();
}

void Trace::write(json::Writer& writer) {
  std::lock_guard lock(mutex_);
  writer.beginObject().key(u"Recording").boolean(on()).key(u"Dropped").number(dropped_);
  writer.key(u"Lines").beginArray();
  for (const std::u16string& line : lines_) writer.string(line);
  writer.endArray().endObject();
}

}  // namespace hc::simulator
