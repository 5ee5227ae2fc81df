// What a machine answers to a question, as JSON: {"value": ...}, or {"error": code, "call": its
// name} when a call of Windows failed. Each function is in a file of its subject; the values have
// the shapes of src/doctor/questions.ts.
#pragma once

#include <cstdint>
#include <string>

#include "json.h"
#include "question.h"

namespace hc::inspect {

// The call that failed, and its code: a Win32 code, HRESULT or NTSTATUS. None when all went well.
struct Failure {
  const char* call = nullptr;
  std::uint32_t code = 0;
  explicit operator bool() const { return call != nullptr; }
};

// The JSON of the answer. On any thread; may never return.
std::u16string answer(const Question& question);

// Each writes its value, and nothing when it fails.
Failure system(Json& value);
Failure registryValue(const std::u16string& key, const std::u16string& name, Json& value);
Failure registryKey(const std::u16string& key, Json& value);
Failure service(const std::u16string& name, Json& value);
Failure drivers(Json& value);
Failure library(const Question& question, Json& value);
Failure processor(Json& value);
Failure hypervisor(Json& value);
Failure feature(const std::u16string& name, Json& value);
Failure token(Json& value);
Failure accountRights(const std::u16string& sid, Json& value);
Failure volume(const std::u16string& path, Json& value);
Failure devDrive(const std::u16string& path, Json& value);
Failure filters(Json& value);
Failure memory(Json& value);
Failure addresses(Json& value);
Failure routes(Json& value);

}  // namespace hc::inspect
