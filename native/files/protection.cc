#include "protection.h"

#include "status.h"
// After windows.h, which they need.
#include <aclapi.h>
#include <sddl.h>

#include <memory>

namespace hc::files {

namespace {

std::string textOf(PSID sid) {
  LPSTR text = nullptr;
  if (sid == nullptr || !ConvertSidToStringSidA(sid, &text)) return {};
  std::string result(text);
  LocalFree(text);
  return result;
}

// Those kinds whose SID follows the rights: to allow and to deny, also under a condition.
bool isPlain(BYTE kind) {
  return kind == ACCESS_ALLOWED_ACE_TYPE || kind == ACCESS_DENIED_ACE_TYPE ||
         kind == ACCESS_ALLOWED_CALLBACK_ACE_TYPE || kind == ACCESS_DENIED_CALLBACK_ACE_TYPE;
}

AccessEntry entryOf(ACE_HEADER* header) {
  AccessEntry entry{{}, header->AceType, header->AceFlags, 0};
  if (!isPlain(header->AceType)) return entry;
  auto* const plain = reinterpret_cast<ACCESS_ALLOWED_ACE*>(header);
  entry.who = textOf(&plain->SidStart);
  entry.rights = plain->Mask;
  return entry;
}

}  // namespace

Status protectionOf(const std::u16string& path, Protection* protection) {
  PSID owner = nullptr;
  PACL list = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  const DWORD error =
      GetNamedSecurityInfoW(reinterpret_cast<const wchar_t*>(path.c_str()), SE_FILE_OBJECT,
                            OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &owner, nullptr,
                            &list, nullptr, &descriptor);
  if (error != ERROR_SUCCESS) return ofError(error);
  const std::unique_ptr<void, decltype(&LocalFree)> owned(descriptor, LocalFree);
  protection->owner = textOf(owner);
  if (list == nullptr) return 0;
  protection->entries.emplace();
  for (DWORD i = 0; i < list->AceCount; ++i) {
    void* entry = nullptr;
    if (!GetAce(list, i, &entry)) return lastError();
    protection->entries->push_back(entryOf(static_cast<ACE_HEADER*>(entry)));
  }
  return 0;
}

}  // namespace hc::files
