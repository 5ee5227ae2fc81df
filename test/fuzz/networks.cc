// The network service: a script of calls, one a line. The first letter of a line says which
// function the rest is the document of:
//
//   n e s l r g   creates a network, endpoint, namespace, load balancer, route, guest service
//   N E S L R G   modifies the newest of them
//   q             enumerates and queries all of them
//   d             deletes the newest of the kind that the next letter names
//   h             HNSCall: method, path, and body, with blanks between them
//   v             the version of HNS from then on
//   x             restarts the service
//
// Of "$" in a document the id of the newest object is put in.
#include <array>
#include <utility>
#include <vector>

#include "../../native/simulator/base/json.h"
#include "../../native/simulator/base/platform.h"
#include "../../native/simulator/control/control.h"
#include "../../native/simulator/exports/exports.h"
#include "../../native/simulator/network/document.h"
#include "input.h"

namespace {

using namespace hc;                                      // NOLINT(google-build-using-namespace)
using namespace hc::simulator;                           // NOLINT(google-build-using-namespace)
using namespace hc::simulator::exports::computenetwork;  // NOLINT(google-build-using-namespace)
using hc::test::require;

std::u16string take(char16_t* text) {
  const std::u16string copy = text != nullptr ? text : u"";
  freeTexts(TextMemory::CoTaskMemFree)(text);
  return copy;
}

json::Value parsed(const std::u16string& text) {
  json::Error error;
  auto value = json::parse(text, &error);
  require(value.has_value(), "what the service gives is JSON");
  return std::move(*value);
}

// A record says what a failure was, and there is none otherwise.
HResult settled(HResult status, char16_t* record) {
  const std::u16string text = take(record);
  require((static_cast<std::int32_t>(status) < 0) == !text.empty(), "a failure has a record");
  if (text.empty()) return status;
  const json::Value given = parsed(text);
  require(network::numberOf(given, u"ErrorCode") == status, "the record has the code");
  require(!network::textOf(given, u"Error").empty(), "the record says something");
  return status;
}

// By its letter; what differs between the families is the types of their handles.
struct Family {
  char letter;
  HResult (*create)(const GuidData*, const char16_t*, void**, char16_t**);
  HResult (*open)(const GuidData*, void**, char16_t**);
  HResult (*modify)(void*, const char16_t*, char16_t**);
  HResult (*query)(void*, const char16_t*, char16_t**, char16_t**);
  HResult (*enumerate)(const char16_t*, char16_t**, char16_t**);
  HResult (*remove)(const GuidData*, char16_t**);
  HResult (*close)(void*);
};

template <class Opaque, auto Create, auto Open, auto Modify, auto Query, auto Enumerate,
          auto Remove, auto Close>
constexpr Family familyOf(char letter) {
  return {letter,
          [](const GuidData* id, const char16_t* text, void** made, char16_t** record) {
            return Create(id, text, reinterpret_cast<Opaque**>(made), record);
          },
          [](const GuidData* id, void** made, char16_t** record) {
            return Open(id, reinterpret_cast<Opaque**>(made), record);
          },
          [](void* handle, const char16_t* text, char16_t** record) {
            return Modify(static_cast<Opaque*>(handle), text, record);
          },
          [](void* handle, const char16_t* text, char16_t** given, char16_t** record) {
            return Query(static_cast<Opaque*>(handle), text, given, record);
          },
          Enumerate,
          Remove,
          [](void* handle) { return Close(static_cast<Opaque*>(handle)); }};
}

void* newestNetwork = nullptr;  // a handle

HResult createEndpoint(const GuidData* id, const char16_t* text, HcnEndpoint** made,
                       char16_t** record) {
  return HcnCreateEndpoint(static_cast<HcnNetwork*>(newestNetwork), id, text, made, record);
}

#define HC_FAMILY(letter, plural, name, create)                                           \
  familyOf<Hcn##name, create, HcnOpen##name, HcnModify##name, HcnQuery##name##Properties, \
           HcnEnumerate##plural, HcnDelete##name, HcnClose##name>(letter)
constexpr std::array<Family, 6> kFamilies = {
    HC_FAMILY('n', Networks, Network, HcnCreateNetwork),
    HC_FAMILY('e', Endpoints, Endpoint, createEndpoint),
    HC_FAMILY('s', Namespaces, Namespace, HcnCreateNamespace),
    HC_FAMILY('l', LoadBalancers, LoadBalancer, HcnCreateLoadBalancer),
    HC_FAMILY('r', SdnRoutes, SdnRoute, HcnCreateSdnRoute),
    HC_FAMILY('g', GuestNetworkServices, GuestNetworkService, HcnCreateGuestNetworkService),
};
#undef HC_FAMILY

constexpr char16_t kFirst[] = u"{}";
constexpr char16_t kSecond[] = u"{\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";

class Script {
 public:
  ~Script() {
    for (std::size_t i = 0; i < handles_.size(); ++i)
      for (void* const handle : handles_[i])
        require(kFamilies[i].close(handle) == kOk, "each handle is closed once");
    newestNetwork = nullptr;
  }
  Script() = default;
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  void run(char16_t letter, std::u16string text) {
    const std::size_t place = text.find(u'$');
    if (place != std::u16string::npos) text.replace(place, 1, newest_);
    if (letter == u'h') return call(text);
    if (letter == u'v') return control(u"Configure", u"{\"HnsVersion\":\"" + text + u"\"}");
    if (letter == u'x') return control(u"RestartNetworks", u"{}");
    for (std::size_t i = 0; i < kFamilies.size(); ++i) {
      const auto small = static_cast<char16_t>(kFamilies[i].letter);
      if (letter == small) create(i, text.c_str());
      if (letter == small - (u'a' - u'A') && !handles_[i].empty()) {
        char16_t* record = nullptr;
        settled(kFamilies[i].modify(handles_[i].back(), text.c_str(), &record), record);
        record = nullptr;
      }
      if (letter == u'q') ask(i, text.c_str());
      if (letter == u'd' && !text.empty() && text[0] == small) remove(i);
    }
  }

 private:
  void create(std::size_t family, const char16_t* text) {
    const GuidData none{};
    void* made = nullptr;
    char16_t* record = nullptr;
    const HResult status = settled(kFamilies[family].create(&none, text, &made, &record), record);
    require((made == nullptr) == (status != kOk), "a handle is made, or the call has failed");
    if (made == nullptr) return;
    handles_[family].push_back(made);
    if (family == 0) newestNetwork = made;
    const json::Value properties = query(family, made, kSecond);
    if (properties.is(json::Type::Object)) newest_ = network::textOf(properties, u"ID");
    query(family, made, kFirst);
  }

  json::Value query(std::size_t family, void* handle, const char16_t* text) {
    char16_t* given = nullptr;
    char16_t* record = nullptr;
    const HResult status = settled(kFamilies[family].query(handle, text, &given, &record), record);
    require((given == nullptr) == (status != kOk), "an answer, or a failure");
    const std::u16string properties = take(given);
    return status == kOk ? parsed(properties) : json::Value();
  }

  void ask(std::size_t family, const char16_t* text) {
    char16_t* given = nullptr;
    char16_t* record = nullptr;
    const HResult status = settled(kFamilies[family].enumerate(text, &given, &record), record);
    const std::u16string list = take(given);
    if (status == kOk) require(parsed(list).is(json::Type::Array), "a list is one");
    for (void* const handle : handles_[family]) query(family, handle, text);
  }

  void remove(std::size_t family) {
    if (handles_[family].empty()) return;
    const json::Value properties = query(family, handles_[family].back(), kSecond);
    const auto id = network::readGuid(network::textOf(properties, u"ID"));
    if (!id) return;
    newest_ = *id;
    call(u"DELETE /" +
         std::u16string(family == 0   ? u"networks/"
                        : family == 1 ? u"endpoints/"
                                      : u"namespaces/") +
         *id);
  }

  // The first two words, and what follows them.
  static void call(const std::u16string& text) {
    const std::size_t first = std::min(text.find(u' '), text.size());
    const std::size_t second = std::min(text.find(u' ', first + 1), text.size());
    const std::u16string method = text.substr(0, first);
    const std::u16string path =
        first < text.size() ? text.substr(first + 1, second - first - 1) : u"";
    const std::u16string body = second < text.size() ? text.substr(second + 1) : u"";
    char16_t* response = nullptr;
    const HResult status =
        exports::vmcompute::HNSCall(method.c_str(), path.c_str(), body.c_str(), &response);
    const std::u16string given = take(response);
    require((status == kOk) == !given.empty(), "an envelope, or a failure");
    if (status == kOk)
      require(network::member(parsed(given), u"Success") != nullptr, "an envelope has Success");
  }

  static void control(const std::u16string& command, const std::u16string& arguments) {
    bool understood = false;
    simulator::control((u"{\"" + command + u"\":" + arguments + u"}").c_str(), nullptr,
                       &understood);
  }

  std::array<std::vector<void*>, kFamilies.size()> handles_;
  std::u16string newest_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hc::test::Input input(data, size);
  const std::u16string text = input.bytes();
  {
    Script script;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(u'\n', at), text.size());
      if (end != at) script.run(text[at], text.substr(at + 1, end - at - 1));
      at = end + 1;
    }
  }
  bool understood = false;
  simulator::control(u"{\"Reset\":{}}", nullptr, &understood);
  require(understood, "it can be reset");
  return 0;
}
