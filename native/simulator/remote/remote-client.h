// The host of another process, for one that has the library hostcompute-remote: each call is made
// there, each notification comes from there. When that process ends, this one has lost the service.
// A process may connect again then, to the same or to another.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "../../remote/channel.h"
#include "../../remote/handshake.h"
#include "../../remote/listeners.h"
#include "../../remote/values.h"
#include "../base/outcome.h"
#include "../base/platform.h"
#include "../base/returned-texts.h"
#include "../notifications/registration.h"

namespace hc::simulator {

using remote::Channel;
using remote::Frame;

// The handles of a connection carry its number in their upper bits, which pointers of a server
// leave zero: those of a connection that has ended are told from those of the next one.
constexpr unsigned kHandleBits = 48;

class RemoteHost {
 public:
  // Never destroyed: threads may be inside it when the process ends.
  static RemoteHost& instance();

  // Null: connected from now on, until the server has gone or everybody has left. Else what is
  // wrong with the path. A process has one connection at a time, which several may use.
  std::optional<std::string> connect(const std::string& path);
  // One of those who have connected needs the connection only for the handles that are open.
  void leave();

  template <class Function, class... Arguments>
  HResult call(Arguments... arguments) {
    return call<Function>(Function::kParameters, arguments...);
  }

  template <class Function, class Opaque>
  HResult close(Opaque* handle);
  template <class Function, class Opaque>
  HResult subscribe(Opaque* handle, NotificationCallback callback, void* context,
                    HcsRegistration** registration);
  // The callback of the service, which is registered on no handle.
  template <class Function>
  HResult subscribe(NotificationCallback callback, void* context, HcsRegistration** registration);
  template <class Function>
  HResult unsubscribe(HcsRegistration* registration);

 private:
  template <class Function, class... Handle>
  HResult subscribeOn(std::uint64_t owner, NotificationCallback callback, void* context,
                      HcsRegistration** registration, Handle... handle);

  // From connect() until it is lost.
  struct Connection {
    std::uint64_t number = 0;
    std::string path;
    remote::Session session;
    std::uint32_t mostRequestBytes = 0;
    std::unique_ptr<Channel> life;  // open as long as it lasts
    std::shared_ptr<Channel> notifications;
    std::vector<std::unique_ptr<Channel>> idle;  // for calls
    bool lost = false;
  };

  template <class Function, class... Parameters>
  HResult call(std::tuple<Parameters...>, typename Parameters::Abi... arguments) {
    Frame answer;
    HResult status = kServerUnavailable;
    const auto connection = connected();
    if (connection && (toServer<Parameters>(*connection, arguments) && ...)) {
      Frame request;
      request.put(static_cast<std::uint32_t>(kIndexOf<Function>));
      (remote::putArgument<Parameters>(request, arguments), ...);
      status = exchange(*connection, request, &answer);
      if (status == kOk) status = answer.take<HResult>();
    }
    // Of an answer that never came all outputs read as nothing.
    (remote::takeResult<Parameters>(answer, arguments, allocateText), ...);
    if (connection) (fromServer<Parameters>(*connection, arguments), ...);
    if (!answer.lacksStreams()) return status;
    (discard<Parameters>(arguments), ...);
    return kNotEnoughMemory;
  }

  template <class Parameter>
  static constexpr bool kIsHandle =
      remote::kIsOneOf<Parameter, hc::System, hc::Process, hc::Registration, hc::Network,
                       hc::Namespace, hc::Endpoint, hc::LoadBalancer, hc::SdnRoute,
                       hc::GuestNetworkService, hc::ServiceRegistration, hc::PortReservation>;

  // False: the handle is of a connection that has ended.
  template <class Parameter>
  static bool toServer(const Connection& connection, typename Parameter::Abi& argument) {
    if constexpr (kIsHandle<Parameter> && !kIsOut<Parameter>) {
      const std::uint64_t number = remote::numberOf(argument);
      const std::uint64_t its = number >> kHandleBits;
      if (its != 0 && its != connection.number) return false;
      // What never was a handle of this library is none of the server's either.
      constexpr std::uint64_t kNone = 1;
      const std::uint64_t servers = number & ((1ull << kHandleBits) - 1);
      argument =
          remote::pointerOf<typename Parameter::Abi>(its == 0 && number != 0 ? kNone : servers);
    }
    return true;
  }
  template <class Parameter>
  void fromServer(const Connection& connection, typename Parameter::Abi argument) {
    if constexpr (kIsHandle<Parameter> && kIsOut<Parameter>) {
      if (argument == nullptr || *argument == nullptr) return;
      using Opaque = std::remove_reference_t<decltype(*argument)>;
      *argument =
          remote::pointerOf<Opaque>(remote::numberOf(*argument) | connection.number << kHandleBits);
      if constexpr (!remote::kIsOneOf<Parameter, hc::Registration>) opened(connection);
    }
  }

  // A process whose streams this one cannot have is terminated, and its handle closed.
  template <class Parameter>
  void discard(typename Parameter::Abi argument) {
    if constexpr (std::is_same_v<Parameter, Out<hc::ProcessInfo>>) {
      for (void* stream : {argument->stdInput, argument->stdOutput, argument->stdError})
        if (stream != nullptr && stream != kInvalidStream) remote::closeStream(stream);
      *argument = {};
    } else if constexpr (std::is_same_v<Parameter, Out<hc::Process>>) {
      terminate(std::exchange(*argument, nullptr));
    }
  }

  void terminate(HcsProcess* process);
  std::shared_ptr<Connection> connected();
  // Whether the connection of a handle is over.
  bool lost(std::uint64_t handle);
  void opened(const Connection& connection);
  void closed(std::uint64_t handle);
  HResult exchange(Connection& connection, const Frame& request, Frame* answer);
  std::unique_ptr<Channel> enter(const Connection& connection, remote::Purpose purpose,
                                 remote::Greeting* greeting);
  void end(Connection& connection);
  void listen(const std::shared_ptr<Connection>& connection, Channel& channel);
  void notifyLoss(Connection& connection);

  std::mutex mutex_;
  std::shared_ptr<Connection> current_;  // null: nobody has connected
  std::uint64_t connections_ = 0;
  int users_ = 0;  // of the current one, who have not left it
  int open_ = 0;   // handles of it
  remote::Listeners<std::shared_ptr<Registration>> listeners_;
};

template <class Function, class Opaque>
HResult RemoteHost::close(Opaque* handle) {
  const std::uint64_t number = remote::numberOf(handle);
  const auto listeners = listeners_.ofOwner(number);
  for (const auto& listener : listeners) listener->expectOutside(Function::kName);
  const HResult status = call<Function>(handle);
  if (failed(status) && !lost(number)) return status;
  // Once more: one may have been registered since.
  for (const auto& listener : listeners_.ofOwner(number)) listener->stop(Function::kName);
  listeners_.removeOwner(number);
  closed(number);
  return kOk;
}

template <class Function, class Opaque>
HResult RemoteHost::subscribe(Opaque* handle, NotificationCallback callback, void* context,
                              HcsRegistration** registration) {
  return subscribeOn<Function>(remote::numberOf(handle), callback, context, registration, handle);
}

template <class Function>
HResult RemoteHost::subscribe(NotificationCallback callback, void* context,
                              HcsRegistration** registration) {
  return subscribeOn<Function>(0, callback, context, registration);
}

template <class Function, class... Handle>
HResult RemoteHost::subscribeOn(std::uint64_t owner, NotificationCallback callback, void* context,
                                HcsRegistration** registration, Handle... handle) {
  const auto made = std::make_shared<Registration>(callback, context);
  const std::uint64_t listener = listeners_.add(owner, made);
  const HResult status =
      call<Function>(handle..., callback, remote::pointerOf<void*>(listener), registration);
  if (registration != nullptr && *registration != nullptr) {
    listeners_.registered(listener, remote::numberOf(*registration));
  } else {
    // The host may have been lost meanwhile, and this one be notified of it.
    made->stop(Function::kName);
    listeners_.remove(listener);
  }
  return status;
}

template <class Function>
HResult RemoteHost::unsubscribe(HcsRegistration* registration) {
  const auto number = listeners_.numberOf(remote::numberOf(registration));
  const auto listener = number ? listeners_.find(*number) : std::nullopt;
  if (listener) (*listener)->expectOutside(Function::kName);
  const HResult status = call<Function>(registration);
  if (!listener || (failed(status) && !lost(remote::numberOf(registration)))) return status;
  (*listener)->stop(Function::kName);
  listeners_.remove(*number);
  // That of the service is a handle by itself.
  if (std::is_same_v<Function, functions::computenetwork::HcnUnregisterServiceCallback>)
    closed(remote::numberOf(registration));
  return kOk;
}

}  // namespace hc::simulator
