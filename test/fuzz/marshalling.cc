// The texts of a host on their way to JavaScript and back: an id goes in as a string, the fake host
// answers it as the text of its result, and tells data with notifications and results of
// operations. What arrives must be what was sent, in its order, and nothing may be left. The code
// is that of the addon, from the reading of arguments to the batch; Node and the host around it are
// fakes.
#include <memory>
#include <thread>
#include <utility>

#include "../../native/node/calls.h"
#include "../../native/node/pump.h"
#include "../native/fake-host/fake-computecore.h"
#include "fake-node/node-api.h"
#include "input.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)
using functions::computecore::HcsEnumerateComputeSystems;
using functions::vmcompute::HcsCreateComputeSystem;

constexpr double kNotification = static_cast<double>(Record::Tag::Notification);
constexpr double kCompletion = static_cast<double>(Record::Tag::Completion);

// A record as JavaScript gets it, with its texts taken out.
struct Heard {
  double tag, id, status, type;
  double notified, notifiedStatus;  // of a completion
  bool opened;
  OptionalText data, result;

  bool operator==(const Heard& other) const {
    return tag == other.tag && id == other.id && status == other.status && type == other.type &&
           notified == other.notified && notifiedStatus == other.notifiedStatus &&
           opened == other.opened && data == other.data && result == other.result;
  }
};

OptionalText textOf(napi_value value) {
  if (value == nullptr || value->type == napi_null) return {};
  require(value->type == napi_string, "a text is a string or null");
  return value->text;
}

// What a host can say: its texts end with the first NUL.
std::u16string said(const std::u16string& text) { return text.c_str(); }

class Addon {
 public:
  Addon() {
    deliver_.type = napi_function;
    deliver_.function = [this](const std::vector<napi_value>& arguments) { hear(arguments); };
    array_.type = napi_object;
    array_.numbers = &fields_;
    require(pump_.connect({&env_, &deliver_}, {&env_, &array_}), "the pump connects");
    Libraries::Paths paths;
    for (const auto& [library, path] :
         {std::pair<Library, std::string>{kMainLibrary, FAKE_HOST},
          std::pair<Library, std::string>{Library::computecore, FAKE_COMPUTECORE}})
      paths[static_cast<std::size_t>(library)] = {std::u16string(path.begin(), path.end()), path};
    const auto opened = Libraries::open(paths);
    require(opened.libraries != nullptr, "the fake host is there");
    host_ = std::make_shared<Host>(opened.libraries, inbox_, waker_, Workers::Limits{});
  }

  void play(Input& input) {
    fakeHost().reset();
    fakeComputecore().reset();
    heard_.clear();
    expected_.clear();
    while (!input.empty()) {
      switch (input.byte() % 5) {
        case 0:
          create(input);
          break;
        case 1:
          refuse(input);
          break;
        case 2:
          notify(input);
          break;
        case 4:
          operate(input);
          break;
        default:
          close();
          break;
      }
    }
    while (!systems_.empty()) close();
    await();
    require(heard_.size() == expected_.size(), "as many records as were sent");
    require(heard_ == expected_, "the records that were sent");
    require(fakeHost().open() == 0 && fakeHost().refused == 0, "everything is closed, once");
    require(fakeComputecore().operations() == 0 && fakeComputecore().refused == 0,
            "every operation is closed, once");
    require(fakeComputecore().texts == 0 && fakeComputecore().wronglyFreed == 0,
            "every text is freed, as it has to be");
    env_.collect();
  }

 private:
  void hear(const std::vector<napi_value>& arguments) {
    const auto count = static_cast<std::size_t>(arguments[0]->number);
    for (std::size_t i = 0; i < count; ++i) {
      const double* fields = &fields_[i * node::Pump::kFields];
      const auto& items = arguments[1]->items;
      const napi_value value = i < items.size() ? items[i] : nullptr;
      Heard heard{fields[0], fields[1], fields[2], fields[3], 0, 0, false, {}, {}};
      if (heard.tag == kCompletion) {
        heard.notified = fields[4];
        heard.notifiedStatus = fields[5];
        heard.opened = fields[7] != 0;
        if (value != nullptr) heard.data = textOf(value->items.at(0));
        if (value != nullptr && value->items.size() > 2) heard.result = textOf(value->items[2]);
      } else {
        heard.data = textOf(value);
      }
      heard_.push_back(std::move(heard));
    }
    more_ = arguments[2]->number != 0;
  }

  // Until all that is expected has been heard: calls return on threads.
  void await() {
    while (heard_.size() < expected_.size()) {
      require(more_ || env_.turn(), "what was sent arrives");
      if (std::exchange(more_, false)) pump_.drain();
    }
  }

  bool begin(std::uint64_t id, napi_value name, napi_value document) {
    const napi_value arguments[] = {name, document};
    constexpr auto kIndex = static_cast<std::uint32_t>(kIndexOf<HcsCreateComputeSystem>);
    return node::beginCall(&env_, host_, id, kIndex, true, arguments, 2);
  }

  void create(Input& input) {
    const std::uint8_t how = input.byte();
    const std::u16string name = input.units(input.byte());
    const HResult status = how % 4 == 0 ? input.number() : how % 4 == 1 ? kOperationPending : kOk;
    fakeHost().onCreate = [status] { return status; };
    const std::uint64_t id = nextId();
    const int open = fakeHost().open();
    const bool valid = name.find(u'\0') == std::u16string::npos;
    require(begin(id, env_.text(name), env_.text(u"{}")) == valid, "a NUL is refused");
    require(env_.thrown == !valid, "what is refused throws");
    env_.thrown = false;
    if (!valid) return;
    const bool opens = status == kOk || status == kOperationPending;
    Heard completion{
        kCompletion, static_cast<double>(id), static_cast<double>(status), 0, 0, 0, opens, {},
        name};
    if (opens) systems_.push_back(id);
    if (status == kOperationPending) {
      // Registered, it waits: the notification completes it, and is told to all.
      while (fakeHost().open() != open + 2) std::this_thread::yield();
      completion.type = static_cast<double>(Ending::Notified);
      constexpr auto kCreated = static_cast<std::uint32_t>(Notification::SystemCreateCompleted);
      const OptionalText data = tell(input, kCreated);
      completion.notified = kCreated;
      completion.notifiedStatus = toldStatus_;
      completion.data = data;
    }
    expected_.push_back(std::move(completion));
    await();
  }

  // Completed inside the call, by another thread, or refused.
  void operate(Input& input) {
    const std::uint8_t how = input.byte() % 3;
    const std::u16string query = input.units(input.byte());
    OptionalText document;
    if (input.byte() % 4 != 0) document = input.units(input.byte());
    HResult status = input.number();
    if (how == 0) status = 0x80370000 | (status & 0xFF);
    if (status == kComputecorePending) status = kOk;
    const bool refuses = how == 0 && failed(status);
    std::thread other;
    fakeComputecore().onCall = [&](OperationType, HcsOperation* operation) {
      const auto complete = [status, document, operation] {
        fakeComputecore().complete(operation, status, document);
      };
      if (refuses) fakeComputecore().explain(operation, document);
      if (!refuses && how == 1) other = std::thread(complete);
      if (!refuses && how != 1) complete();
      return refuses ? status : kOk;
    };
    const std::uint64_t id = nextId();
    const napi_value argument = env_.text(query);
    constexpr auto kIndex = static_cast<std::uint32_t>(kIndexOf<HcsEnumerateComputeSystems>);
    const bool valid = query.find(u'\0') == std::u16string::npos;
    require(node::beginCall(&env_, host_, id, kIndex, true, &argument, 1) == valid,
            "a NUL is refused");
    env_.thrown = false;
    if (!valid) return;
    if (document) document = said(*document);
    expected_.push_back({kCompletion,
                         static_cast<double>(id),
                         static_cast<double>(refuses ? status : kOk),
                         static_cast<double>(Ending::Notified),
                         0,
                         static_cast<double>(status),
                         false,
                         document,
                         {}});
    await();
    if (other.joinable()) other.join();
  }

  // Arguments of other types never get as far as the host.
  void refuse(Input& input) {
    napi_value wrong = env_.make(input.byte() % 2 == 0 ? napi_number : napi_object);
    require(!begin(nextId(), wrong, env_.text(u"{}")), "no string, no call");
    require(env_.thrown, "what is refused throws");
    env_.thrown = false;
  }

  void notify(Input& input) {
    const std::uint32_t type = input.byte() % 2 == 0 ? input.number() : input.byte() % 0x11u;
    // Without its flags, so that it is not what closes a watch.
    if (!terminal(notificationOf(type))) tell(input, type);
  }

  OptionalText tell(Input& input, std::uint32_t type) {
    const HResult status = input.number();
    OptionalText data;
    if (input.byte() % 4 != 0) data = input.units(input.byte());
    fakeHost().notify(static_cast<Notification>(type), status, data ? data->c_str() : nullptr);
    if (data) data = said(*data);
    for (const std::uint64_t system : systems_)
      expected_.push_back({kNotification,
                           static_cast<double>(system),
                           static_cast<double>(status),
                           static_cast<double>(type),
                           0,
                           0,
                           false,
                           data,
                           {}});
    toldStatus_ = status;
    return data;
  }

  void close() {
    if (systems_.empty()) return;
    const std::uint64_t system = systems_.front();
    systems_.pop_front();
    const auto handle = host_->find(system, HandleKind::System);
    require(handle != nullptr, "an open system is found");
    const std::uint64_t id = nextId();
    node::beginClose(host_, id, handle);
    expected_.push_back({kCompletion, static_cast<double>(id), 0, 0, 0, 0, false, {}, {}});
    await();
  }

  napi_env__ env_;
  napi_value__ deliver_, array_;
  std::vector<double> fields_ = std::vector<double>(node::Pump::kBatch * node::Pump::kFields);
  const std::shared_ptr<node::LoopWaker> waker_ = std::make_shared<node::LoopWaker>();
  const std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
  node::Descriptors descriptors_;
  node::Pump pump_{inbox_, waker_, &env_, descriptors_};
  std::shared_ptr<Host> host_;
  std::deque<std::uint64_t> systems_;  // open, in the order of their registration
  std::vector<Heard> heard_, expected_;
  double toldStatus_ = 0;
  bool more_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Addon& addon = *new Addon;  // its threads outlive static objects
  Input input(data, size);
  addon.play(input);
  return 0;
}
