// The named pipes of Windows, with both ends in this process.
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
// After windows.h, which they need.
#include <aclapi.h>
#include <sddl.h>
#include <winternl.h>

#include <memory>
#include <string>
#include <thread>

#include "../support/check.h"
#include "remote/listener.h"
#include "remote/system/security-windows.h"

namespace {

using namespace hc::remote;  // NOLINT(google-build-using-namespace)

std::string ownName() {
  return "\\\\.\\pipe\\hostcompute-test-" + std::to_string(GetCurrentProcessId());
}

std::string textOf(HANDLE pipe) {
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  LPSTR text = nullptr;
  constexpr SECURITY_INFORMATION kWhat = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
  CHECK(GetSecurityInfo(pipe, SE_KERNEL_OBJECT, kWhat, nullptr, nullptr, nullptr, nullptr,
                        &descriptor) == ERROR_SUCCESS);
  CHECK(ConvertSecurityDescriptorToStringSecurityDescriptorA(descriptor, SDDL_REVISION_1, kWhat,
                                                             &text, nullptr));
  const std::string result(text == nullptr ? "" : text);
  LocalFree(text);
  LocalFree(descriptor);
  return result;
}

DWORD rightsOf(HANDLE handle) {
  PUBLIC_OBJECT_BASIC_INFORMATION information{};
  CHECK(NtQueryObject(handle, ObjectBasicInformation, &information, sizeof information, nullptr) ==
        0);
  return information.GrantedAccess;
}

// Windows has the rights of files for the generic ones, Wine leaves them.
std::string generic(std::string text) {
  for (auto at = text.find(";FA;"); at != std::string::npos; at = text.find(";FA;"))
    text.replace(at, 4, ";GA;");
  return text;
}

// The descriptor as the system has it: whom it lets in, and with which rights. Nobody but this
// process, the system and its administrators may make further instances of the name.
void descriptors() {
  const auto descriptorOf = [](const Access& access) {
    std::string why;
    const auto listener = Listener::open(ownName(), access, &why);
    const OwnedHandle pipe(CreateFileW(wide(ownName()).c_str(), READ_CONTROL, 0, nullptr,
                                       OPEN_EXISTING, FILE_FLAG_OVERLAPPED, nullptr));
    CHECK(listener && pipe);
    return generic(textOf(pipe.get()));
  };
  const OwnedHandle token = tokenOf(GetCurrentProcess());
  const bool elevated = isElevated(token, groupsOf(token));
  const std::string own = "D:P(D;;GA;;;NU)(D;;GA;;;AN)(A;;GA;;;SY)" +
                          std::string(elevated ? "(A;;GA;;;BA)(A;;0x12019b;;;" : "(A;;GA;;;") +
                          userOf(token) + ")";
  const std::string alone = descriptorOf({});
  CHECK(alone.substr(alone.find("D:P")) == own);
  CHECK(!elevated || alone.rfind("O:BAD:", 0) == 0);
  const std::string opened = descriptorOf({{"S-1-5-32-545", "S-1-5-21-1-2-3-1001"}});
  CHECK(opened.substr(opened.find("D:P")) ==
        own + "(A;;0x12019b;;;BU)(A;;0x12019b;;;S-1-5-21-1-2-3-1001)");
}

void refusals() {
  for (const char* who : {"", "BA", "S-1-5-", "S-1-5-18)(A;;GA;;;WD", "S-1-x", "uid:0", "Users"}) {
    std::string why;
    CHECK(!Listener::open(ownName(), Access{{"S-1-5-18", who}}, &why));
    CHECK(why == "cannot be opened to " + std::string(who) +
                     ": must be the SID of a user or a group, such as S-1-5-32-545");
  }
  std::string why;
  CHECK(!Listener::open("hostcompute", {}, &why));
  CHECK(!Channel::connect("hostcompute"));
}

// It is the token's word that counts, whatever the client writes.
void identity() {
  std::string why;
  const auto listener = Listener::open(ownName(), {}, &why);
  std::unique_ptr<Channel> client;
  std::thread connecting([&] { client = Channel::connect(ownName()); });
  const auto server = listener->accept();
  connecting.join();
  Frame said;
  said.putText(u"S-1-5-18 S-1-5-32-544 0x3e7");
  Frame come;
  CHECK(client && client->send(said) && server->receive(&come));
  const auto peer = server->peer();
  const OwnedHandle token = tokenOf(GetCurrentProcess());
  CHECK(peer && peer->user == userOf(token) && peer->groups == groupsOf(token));
  CHECK(peer && peer->elevated == isElevated(token, groupsOf(token)));
  CHECK(peer && peer->integrity >= 0x1000 && !peer->appContainer && !peer->restricted);
  CHECK(peer && peer->processId == GetCurrentProcessId() && peer->logon.rfind("0x", 0) == 0);
  HANDLE left = nullptr;
  CHECK(!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &left));  // nobody's any more
}

// A stream arrives with the rights that a stream needs, and without those over the stream.
void streams() {
  std::string why;
  const auto listener = Listener::open(ownName(), {}, &why);
  std::unique_ptr<Channel> client;
  std::thread connecting([&] { client = Channel::connect(ownName()); });
  const auto server = listener->accept();
  connecting.join();
  const std::wstring stream = wide(ownName() + "-stream");
  HANDLE reading = CreateNamedPipeW(stream.c_str(), PIPE_ACCESS_INBOUND | WRITE_DAC | WRITE_OWNER,
                                    0, 1, 64, 64, 0, nullptr);
  const OwnedHandle writing(
      CreateFileW(stream.c_str(), GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr));
  CHECK((rightsOf(reading) & (WRITE_DAC | WRITE_OWNER)) == (WRITE_DAC | WRITE_OWNER));
  Frame hello;
  Frame come;
  CHECK(client->send(hello) && server->receive(&come));
  Frame answer;
  answer.putStream(reading);
  Frame answered;
  CHECK(server->send(answer) && client->receive(&answered));
  const OwnedHandle arrived(answered.takeStream());
  DWORD moved = 0;
  char byte = 0;
  CHECK(WriteFile(writing.get(), "x", 1, &moved, nullptr) && moved == 1);
  CHECK(ReadFile(arrived.get(), &byte, 1, &moved, nullptr) && byte == 'x');
  constexpr DWORD kRead = FILE_READ_DATA | FILE_READ_ATTRIBUTES;
  CHECK((rightsOf(arrived.get()) & kRead) == kRead);
  CHECK((rightsOf(arrived.get()) & (WRITE_DAC | WRITE_OWNER | DELETE)) == 0);
}

// Whoever made a pipe of that name first is not a server that a client may trust.
void foreignServer() {
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  CHECK(ConvertStringSecurityDescriptorToSecurityDescriptorA("O:BUD:(A;;GA;;;WD)", SDDL_REVISION_1,
                                                             &descriptor, nullptr));
  SECURITY_ATTRIBUTES attributes{sizeof attributes, descriptor, FALSE};
  const OwnedHandle pipe(CreateNamedPipeW(wide(ownName()).c_str(),
                                          PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, 0, 1, 1, 1, 0,
                                          &attributes));
  LocalFree(descriptor);
  // Windows lets an owner like this one be set by those alone who may set any.
  CHECK(pipe || GetLastError() == ERROR_INVALID_OWNER);
  CHECK(!Channel::connect(ownName()));
}

}  // namespace

int main() {
  descriptors();
  refusals();
  identity();
  streams();
  foreignServer();
  return hc::test::summary();
}
