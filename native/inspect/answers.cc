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
    case Kind::Processor:
      return processor(value);
    case Kind::Hypervisor:
      return hypervisor(value);
    case Kind::Feature:
      return feature(question.subject, value);
    case Kind::Token:
      return token(value);
    case Kind::AccountRights:
      return accountRights(question.subject, value);
    case Kind::Volume:
      return volume(question.subject, value);
    case Kind::DevDrive:
      return devDrive(question.subject, value);
    case Kind::Filters:
      return filters(value);
    case Kind::Memory:
      return memory(value);
    case Kind::Addresses:
      return addresses(value);
    case Kind::Routes:
      return routes(value);
  }
  return {"readQuestion", 87};
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
