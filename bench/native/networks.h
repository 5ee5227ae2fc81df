// The modes of the client that are about networks: the calls that one method of hostcompute makes,
// one after the other. HCN is synchronous, so there is nobody to wait for.
#pragma once

#include <string>

#include "client.h"
#include "core/network-objects.h"

namespace hc::bench {

namespace hcn = functions::computenetwork;

inline GuidData guidOf(int family, int number) {
  GuidData id{};
  id.data1 = static_cast<std::uint32_t>(number + 1);
  id.data2 = static_cast<std::uint16_t>(family);
  return id;
}

inline std::u16string wide(const std::string& text) { return {text.begin(), text.end()}; }

class Networks {
 public:
  explicit Networks(const Libraries& library) : library_(library) {}

  template <class Create, class Kind, class Handle>
  void create(const GuidData& id, const std::u16string& document) {
    Handle* handle = nullptr;
    char16_t* record = nullptr;
    check(library_.get<Create>()(&id, document.c_str(), &handle, &record), "create");
    finish<Kind>(handle, record);
  }
  void createEndpoint(const GuidData& network, const GuidData& id, const std::u16string& document) {
    HcnNetwork* owner = open<Network, HcnNetwork>(network);
    HcnEndpoint* handle = nullptr;
    char16_t* record = nullptr;
    check(library_.get<hcn::HcnCreateEndpoint>()(owner, &id, document.c_str(), &handle, &record),
          "create");
    finish<Endpoint>(handle, record);
    library_.get<hcn::HcnCloseNetwork>()(owner);
  }
  void modifyNamespace(const GuidData& id, const std::u16string& request) {
    HcnNamespace* handle = open<Namespace, HcnNamespace>(id);
    char16_t* record = nullptr;
    check(library_.get<hcn::HcnModifyNamespace>()(handle, request.c_str(), &record), "modify");
    library_.freeText(record);
    library_.get<hcn::HcnCloseNamespace>()(handle);
  }
  template <class Delete>
  void remove(const GuidData& id) {
    char16_t* record = nullptr;
    check(library_.get<Delete>()(&id, &record), "delete");
    library_.freeText(record);
  }
  // Enumerates, and asks each for its properties.
  int list() {
    char16_t* ids = nullptr;
    char16_t* record = nullptr;
    check(library_.get<hcn::HcnEnumerateEndpoints>()(kObjectQuery, &ids, &record), "enumerate");
    library_.freeText(record);
    const std::u16string text = ids;
    library_.freeText(ids);
    int count = 0;
    for (std::size_t at = text.find(u'"'); at != std::u16string::npos;
         at = text.find(u'"', at + 38)) {
      HcnEndpoint* handle = open<Endpoint, HcnEndpoint>(parse(text.substr(at + 1, 36)));
      finish<Endpoint>(handle, nullptr);
      ++count;
    }
    return count;
  }

 private:
  template <class Kind, class Handle>
  Handle* open(const GuidData& id) {
    void* handle = nullptr;
    char16_t* record = nullptr;
    check(kObjectFunctions<Kind>->open(library_, &id, &handle, &record), "open");
    library_.freeText(record);
    return static_cast<Handle*>(handle);
  }
  template <class Kind>
  void finish(void* handle, char16_t* given) {
    library_.freeText(given);
    char16_t* properties = nullptr;
    char16_t* record = nullptr;
    check(kObjectFunctions<Kind>->query(library_, handle, kObjectQuery, &properties, &record),
          "query");
    library_.freeText(properties);
    library_.freeText(record);
    kObjectFunctions<Kind>->close(library_, handle);
  }
  static GuidData parse(const std::u16string& text) {
    unsigned int a = 0, b = 0, c = 0, d[8] = {};
    const std::string narrow(text.begin(), text.end());
    std::sscanf(narrow.c_str(), "%8x-%4x-%4x-%2x%2x-%2x%2x%2x%2x%2x%2x", &a, &b, &c, &d[0], &d[1],
                &d[2], &d[3], &d[4], &d[5], &d[6], &d[7]);
    GuidData id{};
    id.data1 = a;
    id.data2 = static_cast<std::uint16_t>(b);
    id.data3 = static_cast<std::uint16_t>(c);
    for (int i = 0; i < 8; ++i) id.data4[i] = static_cast<std::uint8_t>(d[i]);
    return id;
  }

  const Libraries& library_;
};

inline const char16_t* const kNetwork =
    u"{\"Name\":\"bench\",\"Type\":\"NAT\",\"SchemaVersion\":{\"Major\":2,\"Minor\":0},\"Ipams\":[{"
    u"\"Subnets\":[{\"IpAddressPrefix\":\"10.0.0.0/16\",\"Routes\":[{\"NextHop\":\"10.0.0.1\","
    u"\"DestinationPrefix\":\"0.0.0.0/0\"}]}]}],\"MacPool\":{\"Ranges\":[{\"StartMacAddress\":"
    u"\"00-15-5D-00-00-00\",\"EndMacAddress\":\"00-15-5D-FF-FF-FF\"}]}}";
inline const char16_t* const kEndpoint =
    u"{\"Name\":\"bench\",\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";
inline const char16_t* const kNamespace = u"{\"SchemaVersion\":{\"Major\":2,\"Minor\":0}}";

inline std::string textOf(const GuidData& id) {
  char text[37];
  std::snprintf(text, sizeof(text), "%08x-%04x-0000-0000-000000000000", id.data1, id.data2);
  return text;
}

// A line per cycle: nanoseconds of network, endpoint, namespace, attach, detach, delete, whole.
inline void networkCycle(const Libraries& library, int cycles) {
  Networks networks(library);
  const auto at = [] { return Clock::now(); };
  for (int i = 0; i < cycles; ++i) {
    const GuidData network = guidOf(1, i), endpoint = guidOf(2, i), space = guidOf(3, i);
    const auto request = [&](const char* type) {
      return wide("{\"ResourceType\":\"Endpoint\",\"RequestType\":\"" + std::string(type) +
                  "\",\"Settings\":{\"EndpointId\":\"" + textOf(endpoint) + "\"}}");
    };
    const auto begun = at();
    networks.create<hcn::HcnCreateNetwork, Network, HcnNetwork>(network, kNetwork);
    const auto made = at();
    networks.createEndpoint(network, endpoint, kEndpoint);
    const auto with = at();
    networks.create<hcn::HcnCreateNamespace, Namespace, HcnNamespace>(space, kNamespace);
    const auto within = at();
    networks.modifyNamespace(space, request("Add"));
    const auto attached = at();
    networks.modifyNamespace(space, request("Remove"));
    const auto detached = at();
    networks.remove<hcn::HcnDeleteEndpoint>(endpoint);
    networks.remove<hcn::HcnDeleteNamespace>(space);
    networks.remove<hcn::HcnDeleteNetwork>(network);
    const auto over = at();
    std::printf("%lld %lld %lld %lld %lld %lld %lld\n", nanoseconds(begun, made),
                nanoseconds(made, with), nanoseconds(with, within), nanoseconds(within, attached),
                nanoseconds(attached, detached), nanoseconds(detached, over),
                nanoseconds(begun, over));
  }
}

// Microseconds for each of so many endpoints of one network: created, listed, deleted.
inline void manyEndpoints(const Libraries& library, int count) {
  Networks networks(library);
  const GuidData network = guidOf(1, 0);
  networks.create<hcn::HcnCreateNetwork, Network, HcnNetwork>(network, kNetwork);
  const auto each = [&](auto work) {
    const auto begun = Clock::now();
    work();
    return static_cast<double>(nanoseconds(begun, Clock::now())) / 1000 / count;
  };
  const double created = each([&] {
    for (int i = 0; i < count; ++i) networks.createEndpoint(network, guidOf(2, i), kEndpoint);
  });
  const double listed = each([&] {
    if (networks.list() != count) std::exit(1);
  });
  const double deleted = each([&] {
    for (int i = 0; i < count; ++i) networks.remove<hcn::HcnDeleteEndpoint>(guidOf(2, i));
  });
  std::printf("{\"create\":%f,\"list\":%f,\"delete\":%f}\n", created, listed, deleted);
}

}  // namespace hc::bench
