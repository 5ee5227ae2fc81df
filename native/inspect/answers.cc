#include "answers.h"

namespace hc::inspect {

namespace {

Failure ask(const Question& question, Json& value) {
  switch (question.kind) {
    case Kind::System:
      return system(value);
    case Kind::RegistryValue:
      return registryValue(question.subject, question.name, value);
    case Kind::RegistryKey:
      return registryKey(question.subject, value);
    case Kind::Service:
      return service(question.subject, value);
    case Kind::Drivers:
      return drivers(value);
    case Kind::Library:
      return library(question, value);
    default:
      return {"not implemented", 50};
  }
}

std::u16string failed(const Failure& failure) {
  Json json;
  json.beginObject().key("error").number(failure.code).key("call").ascii(failure.call).endObject();
  return json.written();
}

}  // namespace

std::u16string answer(const Question& question) {
  Json json;
  json.beginObject().key("value");
  const Failure failure = ask(question, json);
  if (failure) return failed(failure);
  json.endObject();
  return json.written();
}

}  // namespace hc::inspect
