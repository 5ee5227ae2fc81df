// The Trace command.
#include "../base/trace.h"
#include "../documents/shape.h"
#include "control.h"

namespace hc::simulator {
namespace {

constexpr Member kTraceMembers[] = {{u"Start", Kind::Boolean}};
constexpr Shape kTrace = closedShape(kTraceMembers);

}  // namespace

Refusal traceCommand(const json::Value& arguments, json::Writer& writer) {
  if (auto problem = check(arguments, kTrace, u"$.Trace")) return problem->text;
  Trace& trace = Trace::instance();
  if (const json::Value* start = arguments.find(u"Start"); start != nullptr) {
    if (start->boolean) {
      trace.start();
    } else {
      trace.stop();
    }
  }
  trace.write(writer);
  return std::nullopt;
}

}  // namespace hc::simulator
