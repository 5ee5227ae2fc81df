// Whose program this is: what its token allows, and what its account could have.
#include <algorithm>
#include <optional>
#include <vector>

#include "windows-calls.h"

namespace hc::inspect {

namespace {

constexpr DWORD kMostTold = 64 * 1024;  // of what a token tells, and of a list of members
constexpr DWORD kMostPrivileges = 256;
constexpr DWORD kAdministrators = 544;        // DOMAIN_ALIAS_RID_ADMINS
constexpr DWORD kHyperVAdministrators = 578;  // DOMAIN_ALIAS_RID_HYPER_V_ADMINS

using Bytes = std::vector<std::uint64_t>;

// S-1-5-32-<alias>
class Group {
 public:
  explicit Group(DWORD alias) {
    SID_IDENTIFIER_AUTHORITY authority = {{0, 0, 0, 0, 0, 5}};
    InitializeSid(bytes_, &authority, 2);
    *GetSidSubAuthority(bytes_, 0) = 32;
    *GetSidSubAuthority(bytes_, 1) = alias;
  }
  PSID sid() { return bytes_; }

 private:
  alignas(DWORD) BYTE bytes_[SECURITY_MAX_SID_SIZE] = {};
};

// Whether a token lets its program act as a member; one that denies alone does not.
Failure isMember(HANDLE token, DWORD alias, bool& member) {
  Group group(alias);
  BOOL found = FALSE;
  if (!CheckTokenMembership(token, group.sid(), &found)) return lastError("CheckTokenMembership");
  member = found != 0;
  return {};
}

struct Memberships {
  bool administrators = false;
  bool hyperVAdministrators = false;

  // Of this program where there is no token.
  Failure read(HANDLE token) {
    if (const Failure failure = isMember(token, kAdministrators, administrators)) return failure;
    return isMember(token, kHyperVAdministrators, hyperVAdministrators);
  }
  void write(Json& json) const {
    json.key("administrators").boolean(administrators);
    json.key("hyperVAdministrators").boolean(hyperVAdministrators);
  }
};

// What UAC holds back; none where it cannot be read.
std::optional<Memberships> linked(HANDLE token) {
  TOKEN_LINKED_TOKEN information{};
  DWORD length = 0;
  if (!GetTokenInformation(token, TokenLinkedToken, &information, sizeof information, &length))
    return {};
  OwnedHandle other(information.LinkedToken);
  // To those with the privilege of the system it is a primary one, which cannot be asked.
  HANDLE copy = nullptr;
  if (!DuplicateToken(other.get(), SecurityIdentification, &copy)) return {};
  const OwnedHandle owned(copy);
  Memberships memberships;
  if (memberships.read(copy)) return {};
  return memberships;
}

bool read(HANDLE token, TOKEN_INFORMATION_CLASS kind, Bytes& bytes) {
  bytes.resize(kMostTold / sizeof(std::uint64_t));
  DWORD length = 0;
  return GetTokenInformation(token, kind, bytes.data(), kMostTold, &length) != 0;
}

std::u16string nameOf(PSID sid) {
  wchar_t name[256];
  wchar_t domain[256];
  DWORD nameLength = 256;
  DWORD domainLength = 256;
  SID_NAME_USE use{};
  if (!LookupAccountSidW(nullptr, sid, name, &nameLength, domain, &domainLength, &use)) return {};
  return std::u16string(view(name, nameLength));
}

using GetMembers = DWORD(WINAPI*)(const wchar_t*, const wchar_t*, DWORD, BYTE**, DWORD, DWORD*,
                                  DWORD*, DWORD_PTR*);
using FreeBuffer = DWORD(WINAPI*)(void*);

// By the list of the group: who was added since the logon is there and not in the token. None where
// it cannot be read.
std::optional<bool> accountIsMember(HANDLE token, DWORD alias) {
  const auto getMembers = systemFunction<GetMembers>(u"netapi32.dll", "NetLocalGroupGetMembers");
  const auto freeBuffer = systemFunction<FreeBuffer>(u"netapi32.dll", "NetApiBufferFree");
  Bytes user;
  if (getMembers == nullptr || freeBuffer == nullptr || !read(token, TokenUser, user)) return {};
  const PSID account = reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid;
  const std::u16string name = nameOf(Group(alias).sid());
  if (name.empty()) return {};
  BYTE* buffer = nullptr;
  DWORD count = 0;
  DWORD total = 0;
  // Level 0: a SID each.
  const DWORD error =
      getMembers(nullptr, wide(name), 0, &buffer, kMostTold, &count, &total, nullptr);
  bool found = false;
  if (buffer != nullptr) {
    const auto* members = reinterpret_cast<const PSID*>(buffer);
    for (DWORD i = 0; i < count && !found; ++i) {
      BOOL group = FALSE;  // one that this program's account is in
      found = EqualSid(members[i], account) ||
              (CheckTokenMembership(nullptr, members[i], &group) && group);
    }
    freeBuffer(buffer);
  }
  if (!found && error != 0) return {};
  return found;
}

Failure writePrivileges(HANDLE token, Json& json) {
  Bytes bytes;
  if (!read(token, TokenPrivileges, bytes)) return lastError("GetTokenInformation");
  const auto& all = *reinterpret_cast<const TOKEN_PRIVILEGES*>(bytes.data());
  json.beginArray();
  for (DWORD i = 0; i < std::min(all.PrivilegeCount, kMostPrivileges); ++i) {
    LUID luid = all.Privileges[i].Luid;
    wchar_t name[64];
    DWORD length = 64;
    if (LookupPrivilegeNameW(nullptr, &luid, name, &length)) json.text(view(name, length));
  }
  json.endArray();
  return {};
}

}  // namespace

Failure token(Json& json) {
  HANDLE opened = nullptr;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &opened))
    return lastError("OpenProcessToken");
  const OwnedHandle token(opened);
  TOKEN_ELEVATION elevation{};
  TOKEN_ELEVATION_TYPE type{};
  DWORD length = 0;
  if (!GetTokenInformation(opened, TokenElevation, &elevation, sizeof elevation, &length) ||
      !GetTokenInformation(opened, TokenElevationType, &type, sizeof type, &length)) {
    return lastError("GetTokenInformation");
  }
  Memberships memberships;
  if (const Failure failure = memberships.read(nullptr)) return failure;
  Json privileges;
  if (const Failure failure = writePrivileges(opened, privileges)) return failure;
  // An elevated program has one as well, with less than its own.
  const auto more = type == TokenElevationTypeLimited ? linked(opened) : std::nullopt;
  const auto account = accountIsMember(opened, kHyperVAdministrators);
  json.beginObject();
  json.key("elevated").boolean(elevation.TokenIsElevated != 0);
  json.key("elevationType").number(type);
  memberships.write(json);
  json.key("linked");
  if (more) {
    json.beginObject();
    more->write(json);
    json.endObject();
  } else {
    json.null();
  }
  json.key("accountIsHyperVAdministrator");
  if (account) {
    json.boolean(*account);
  } else {
    json.null();
  }
  json.key("privileges").value(privileges).endObject();
  return {};
}

}  // namespace hc::inspect
