#include "outcome.h"

#include <utility>

#include "json.h"

namespace hc::simulator {
namespace {

// The number real hosts give a refused configuration. Those of other failures are not known, so all
// have this one.
constexpr std::uint64_t kEventId = 11000;
constexpr const char16_t* kProvider = u"17103e3f-3c6e-4677-bb17-3b267eb5be57";

}  // namespace

Outcome fail(HResult status, std::u16string message, std::u16string value) {
  Outcome outcome(status);
  outcome.message = std::move(message);
  outcome.value = std::move(value);
  return outcome;
}

Outcome fail(Condition condition, std::u16string message, std::u16string value) {
  return fail(codeOf(condition), std::move(message), std::move(value));
}

Outcome answer(std::u16string payload) {
  Outcome outcome;
  outcome.payload = std::move(payload);
  return outcome;
}

std::u16string errorDocument(const Outcome& outcome) {
  json::Writer writer;
  writer.beginObject().key(u"Error").signedNumber(static_cast<std::int32_t>(outcome.status));
  const std::u16string_view meaning = meaningOf(outcome.status);
  writer.key(u"ErrorMessage").string(meaning);
  writer.key(u"ErrorEvents").beginArray().beginObject();
  writer.key(u"Message").string(outcome.message.empty() ? meaning : outcome.message);
  writer.key(u"Provider").string(kProvider);
  writer.key(u"EventId").number(kEventId).key(u"Flags").number(0);
  writer.key(u"Data").beginArray().beginObject().key(u"Type").string(u"String");
  writer.key(u"Value").string(outcome.value.empty() ? hexText(outcome.status) : outcome.value);
  writer.endObject();
  if (!outcome.more.empty()) {
    writer.beginObject().key(u"Type").string(u"String");
    writer.key(u"Value").string(outcome.more).endObject();
  }
  writer.endArray().endObject().endArray();
  if (!outcome.failure.empty()) {
    writer.key(u"Attribution").beginArray().beginObject().key(u"OperationFailure").beginObject();
    writer.key(u"Detail").string(outcome.failure).endObject().endObject().endArray();
  }
  writer.endObject();
  return writer.take();
}

}  // namespace hc::simulator
