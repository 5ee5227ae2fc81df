#if defined(_WIN32)
#include "security-windows.h"

// After windows.h, which it needs.
#include <sddl.h>

#include <algorithm>

namespace hc::remote {

std::wstring wide(const std::string& text) {
  const int size = static_cast<int>(text.size());
  std::wstring result(
      static_cast<std::size_t>(MultiByteToWideChar(CP_UTF8, 0, text.data(), size, nullptr, 0)), 0);
  MultiByteToWideChar(CP_UTF8, 0, text.data(), size, result.data(),
                      static_cast<int>(result.size()));
  return result;
}

std::string textOf(PSID sid) {
  LPSTR text = nullptr;
  if (!ConvertSidToStringSidA(sid, &text)) return {};
  std::string result(text);
  LocalFree(text);
  return result;
}

OwnedHandle tokenOf(HANDLE process) {
  HANDLE token = nullptr;
  return OwnedHandle(OpenProcessToken(process, TOKEN_QUERY, &token) ? token : nullptr);
}

std::vector<char> informationOf(const OwnedHandle& token, TOKEN_INFORMATION_CLASS what) {
  DWORD size = 0;
  GetTokenInformation(token.get(), what, nullptr, 0, &size);
  std::vector<char> answer(size);
  if (!GetTokenInformation(token.get(), what, answer.data(), size, &size)) return {};
  return answer;
}

std::string userOf(const OwnedHandle& token) {
  auto answer = informationOf(token, TokenUser);
  return answer.empty() ? std::string()
                        : textOf(reinterpret_cast<TOKEN_USER*>(answer.data())->User.Sid);
}

std::vector<std::string> groupsOf(const OwnedHandle& token) {
  auto answer = informationOf(token, TokenGroups);
  std::vector<std::string> names;
  if (answer.empty()) return names;
  const auto* groups = reinterpret_cast<TOKEN_GROUPS*>(answer.data());
  constexpr DWORD kRelevant = SE_GROUP_ENABLED | SE_GROUP_USE_FOR_DENY_ONLY | SE_GROUP_INTEGRITY;
  std::for_each(groups->Groups, groups->Groups + groups->GroupCount, [&](const auto& group) {
    if ((group.Attributes & kRelevant) == SE_GROUP_ENABLED) names.push_back(textOf(group.Sid));
  });
  return names;
}

bool isElevated(const OwnedHandle& token, const std::vector<std::string>& groups) {
  TOKEN_ELEVATION elevation{};
  constexpr const char* kAdministrators = "S-1-5-32-544";
  return inform(token, TokenElevation, &elevation) && elevation.TokenIsElevated != 0 &&
         std::find(groups.begin(), groups.end(), kAdministrators) != groups.end();
}

}  // namespace hc::remote
#endif
