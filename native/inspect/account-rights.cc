// The rights that the policy of this machine gives an account.
#include <algorithm>

#include "windows-calls.h"

namespace hc::inspect {

namespace {

constexpr ULONG kMostRights = 256;
constexpr std::uint32_t kNoRights = 0xC0000034;  // STATUS_OBJECT_NAME_NOT_FOUND

void closePolicy(LSA_HANDLE policy) { LsaClose(policy); }
using OwnedPolicy = Owned<LSA_HANDLE, closePolicy>;
void freeLocal(void* memory) { LocalFree(memory); }
using OwnedSid = Owned<PSID, freeLocal>;
void freeLsa(LSA_UNICODE_STRING* memory) { LsaFreeMemory(memory); }
using OwnedTexts = Owned<LSA_UNICODE_STRING*, freeLsa>;

Failure byStatus(const char* call, NTSTATUS status) {
  return {call, static_cast<std::uint32_t>(LsaNtStatusToWinError(status))};
}

}  // namespace

Failure accountRights(const std::u16string& account, Json& json) {
  PSID converted = nullptr;
  if (!ConvertStringSidToSidW(wide(account), &converted))
    return lastError("ConvertStringSidToSidW");
  const OwnedSid sid(converted);
  LSA_OBJECT_ATTRIBUTES attributes{};
  LSA_HANDLE opened = nullptr;
  const NTSTATUS access = LsaOpenPolicy(
      nullptr, &attributes, POLICY_LOOKUP_NAMES | POLICY_VIEW_LOCAL_INFORMATION, &opened);
  if (access < 0) return byStatus("LsaOpenPolicy", access);
  const OwnedPolicy policy(opened);
  LSA_UNICODE_STRING* found = nullptr;
  ULONG count = 0;
  const NTSTATUS status = LsaEnumerateAccountRights(policy.get(), sid.get(), &found, &count);
  const OwnedTexts texts(found);
  const bool none = static_cast<std::uint32_t>(status) == kNoRights;
  if (status < 0 && !none) return byStatus("LsaEnumerateAccountRights", status);
  json.beginArray();
  for (ULONG i = 0; !none && found != nullptr && i < std::min(count, kMostRights); ++i)
    json.text(view(found[i].Buffer, found[i].Length / sizeof(wchar_t)));
  json.endArray();
  return {};
}

}  // namespace hc::inspect
