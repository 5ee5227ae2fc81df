// Adapters, their prefixes, and routes.
#include <algorithm>
#include <string>
#include <vector>

#include "windows-calls.h"

namespace hc::inspect {

namespace {

constexpr ULONG kFirstRoom = 16 * 1024;
constexpr ULONG kMostRoom = 1024 * 1024;
constexpr std::size_t kMostAdapters = 256;
constexpr std::size_t kMostPrefixes = 256;  // of an adapter
constexpr ULONG kMostRoutes = 1024;

using GetAddresses = ULONG(WINAPI*)(ULONG, ULONG, void*, IP_ADAPTER_ADDRESSES*, ULONG*);
using GetRoutes = DWORD(WINAPI*)(ADDRESS_FAMILY, MIB_IPFORWARD_TABLE2**);
using FreeTable = void(WINAPI*)(void*);
using FormatV4 = char*(WINAPI*)(const IN_ADDR*, char*);
using FormatV6 = char*(WINAPI*)(const IN6_ADDR*, char*);

// By ntdll: no library of sockets is needed for it.
class Formatter {
 public:
  // Empty for what is of another family.
  std::string text(const SOCKADDR& address) const {
    char text[64] = {};
    if (address.sa_family == AF_INET && v4_ != nullptr)
      v4_(&reinterpret_cast<const SOCKADDR_IN&>(address).sin_addr, text);
    if (address.sa_family == AF_INET6 && v6_ != nullptr)
      v6_(&reinterpret_cast<const SOCKADDR_IN6&>(address).sin6_addr, text);
    return text;
  }
  std::string prefix(const SOCKADDR& address, unsigned length) const {
    const std::string text = this->text(address);
    return text.empty() ? text : text + "/" + std::to_string(length);
  }

 private:
  FormatV4 v4_ = systemFunction<FormatV4>(u"ntdll.dll", "RtlIpv4AddressToStringA");
  FormatV6 v6_ = systemFunction<FormatV6>(u"ntdll.dll", "RtlIpv6AddressToStringA");
};

void write(const IP_ADAPTER_ADDRESSES& adapter, const Formatter& formatter, Json& json) {
  json.beginObject();
  json.key("name").text(view(adapter.FriendlyName));
  json.key("type").number(adapter.IfType);
  json.key("up").boolean(adapter.OperStatus == IfOperStatusUp);
  json.key("prefixes").beginArray();
  std::size_t count = 0;
  for (const auto* each = adapter.FirstUnicastAddress; each != nullptr && count < kMostPrefixes;
       each = each->Next, ++count) {
    if (each->Address.lpSockaddr == nullptr) continue;
    const std::string text = formatter.prefix(*each->Address.lpSockaddr, each->OnLinkPrefixLength);
    if (!text.empty()) json.ascii(text);
  }
  json.endArray().endObject();
}

}  // namespace

Failure addresses(Json& json) {
  const auto getAddresses = systemFunction<GetAddresses>(u"iphlpapi.dll", "GetAdaptersAddresses");
  if (getAddresses == nullptr) return lastError("GetAdaptersAddresses");
  constexpr ULONG kFlags =
      GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER;
  std::vector<std::uint64_t> room;
  ULONG error = ERROR_BUFFER_OVERFLOW;
  ULONG size = kFirstRoom;
  // Adapters may come while they are asked for.
  for (int i = 0; i < 8 && error == ERROR_BUFFER_OVERFLOW && size <= kMostRoom; ++i) {
    room.assign(size / sizeof(std::uint64_t) + 1, 0);
    size = static_cast<ULONG>(room.size() * sizeof(std::uint64_t));
    error = getAddresses(AF_UNSPEC, kFlags, nullptr,
                         reinterpret_cast<IP_ADAPTER_ADDRESSES*>(room.data()), &size);
    // As Wine says that there are none.
    if (error == ERROR_BUFFER_OVERFLOW && size == 0) error = ERROR_NO_DATA;
  }
  if (error != 0 && error != ERROR_NO_DATA)
    return {"GetAdaptersAddresses", static_cast<std::uint32_t>(error)};
  const Formatter formatter;
  json.beginArray();
  std::size_t count = 0;
  const auto* first = reinterpret_cast<const IP_ADAPTER_ADDRESSES*>(room.data());
  for (const auto* each = error == 0 ? first : nullptr; each != nullptr && count < kMostAdapters;
       each = each->Next, ++count) {
    write(*each, formatter, json);
  }
  json.endArray();
  return {};
}

Failure routes(Json& json) {
  const auto getRoutes = systemFunction<GetRoutes>(u"iphlpapi.dll", "GetIpForwardTable2");
  const auto freeTable = systemFunction<FreeTable>(u"iphlpapi.dll", "FreeMibTable");
  if (getRoutes == nullptr || freeTable == nullptr) return lastError("GetIpForwardTable2");
  MIB_IPFORWARD_TABLE2* table = nullptr;
  const DWORD error = getRoutes(AF_UNSPEC, &table);
  if (error != 0 && error != ERROR_NOT_FOUND) return {"GetIpForwardTable2", error};
  const Formatter formatter;
  json.beginArray();
  for (ULONG i = 0; table != nullptr && i < std::min<ULONG>(table->NumEntries, kMostRoutes); ++i) {
    const MIB_IPFORWARD_ROW2& row = table->Table[i];
    const auto& prefix = row.DestinationPrefix;
    json.beginObject();
    json.key("destination")
        .ascii(formatter.prefix(reinterpret_cast<const SOCKADDR&>(prefix.Prefix),
                                prefix.PrefixLength));
    json.key("nextHop").ascii(formatter.text(reinterpret_cast<const SOCKADDR&>(row.NextHop)));
    json.key("interfaceIndex").number(row.InterfaceIndex);
    json.endObject();
  }
  json.endArray();
  if (table != nullptr) freeTable(table);
  return {};
}

}  // namespace hc::inspect
