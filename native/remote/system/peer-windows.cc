#if defined(_WIN32)
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "connection-windows.h"

namespace hc::remote {
namespace {

std::uint32_t clientNumber(HANDLE pipe) {
  ULONG number = 0;
  return GetNamedPipeClientProcessId(pipe, &number) ? number : 0;
}

// The logon session, as "0x3e7"; empty: the token does not say.
std::string logonOf(const OwnedHandle& token) {
  TOKEN_STATISTICS statistics{};
  if (!inform(token, TokenStatistics, &statistics)) return {};
  const LUID id = statistics.AuthenticationId;
  const auto number = (std::uint64_t{static_cast<std::uint32_t>(id.HighPart)} << 32) | id.LowPart;
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(number));
  return text.data();
}

bool readIntegrity(const OwnedHandle& token, std::uint32_t* integrity) {
  auto answer = informationOf(token, TokenIntegrityLevel);
  if (answer.empty()) return false;
  PSID label = reinterpret_cast<TOKEN_MANDATORY_LABEL*>(answer.data())->Label.Sid;
  *integrity = *GetSidSubAuthority(label, *GetSidSubAuthorityCount(label) - 1u);
  return true;
}

// A system that does not know the question has no restricted tokens.
bool isRestricted(const OwnedHandle& token) {
  DWORD size = 0;
  GetTokenInformation(token.get(), TokenRestrictedSids, nullptr, 0, &size);
  if (size == 0)
    return GetLastError() != ERROR_INVALID_PARAMETER && GetLastError() != ERROR_INVALID_FUNCTION &&
           GetLastError() != ERROR_CALL_NOT_IMPLEMENTED;
  auto answer = informationOf(token, TokenRestrictedSids);
  return answer.empty() || reinterpret_cast<TOKEN_GROUPS*>(answer.data())->GroupCount != 0;
}

}  // namespace

// A thread that stayed the client would do on its behalf what other clients ask for.
OwnedHandle clientToken(HANDLE pipe) {
  if (!ImpersonateNamedPipeClient(pipe)) return OwnedHandle();
  HANDLE opened = nullptr;
  const bool read = OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &opened) != 0;
  if (!RevertToSelf()) std::abort();
  OwnedHandle token(read ? opened : nullptr);
  SECURITY_IMPERSONATION_LEVEL level = SecurityAnonymous;
  if (!token || !inform(token, TokenImpersonationLevel, &level) || level == SecurityAnonymous)
    return OwnedHandle();
  return token;
}

std::optional<Peer> peerOf(const OwnedHandle& token, HANDLE pipe) {
  Peer peer;
  peer.user = userOf(token);
  peer.groups = groupsOf(token);
  peer.elevated = isElevated(token, peer.groups);
  DWORD appContainer = 0;
  peer.logon = logonOf(token);
  if (peer.user.empty() || peer.logon.empty() || !readIntegrity(token, &peer.integrity) ||
      !inform(token, TokenIsAppContainer, &appContainer))
    return std::nullopt;
  peer.appContainer = appContainer != 0;
  peer.restricted = isRestricted(token);
  peer.processId = clientNumber(pipe);
  return peer;
}

// The number may be another process's by now: while the handle is open it cannot become one's.
OwnedHandle clientProcess(const OwnedHandle& token, HANDLE pipe) {
  const std::uint32_t number = clientNumber(pipe);
  constexpr DWORD kAccess = PROCESS_DUP_HANDLE | PROCESS_QUERY_LIMITED_INFORMATION;
  OwnedHandle process(OpenProcess(kAccess, FALSE, number));
  if (!process || !token) return OwnedHandle();
  const OwnedHandle its = tokenOf(process.get());
  const bool same = its && !userOf(its).empty() && userOf(its) == userOf(token) &&
                    !logonOf(its).empty() && logonOf(its) == logonOf(token) &&
                    clientNumber(pipe) == number;
  return same ? std::move(process) : OwnedHandle();
}

}  // namespace hc::remote
#endif
