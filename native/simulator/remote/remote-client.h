// The host of another process, for one that has the library hostcompute-remote: each call is made
// there, each notification comes from there. When that process ends, this one has lost the service.
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

class RemoteHost {
 public:
  // Never destroyed: threads may be inside it when the process ends.
  static RemoteHost& instance();

  // Null: connected from now on, and until the end. Else what is wrong with the path.
  std::optional<std::string> connect(const std::string& path);

  template <class Function, class... Arguments>
  HResult call(Arguments... arguments) {
    return call<Function>(Function::kParameters, arguments...);
  }

  template <class Function, class Opaque>
  HResult close(Opaque* handle);
  template <class Function, class Opaque>
  HResult subscribe(Opaque* handle, NotificationCallback callback, void* context,
                    HcsRegistration** registration);
  template <class Function>
  HResult unsubscribe(HcsRegistration* registration);

 private:
  template <class Function, class... Parameters>
  HResult call(std::tuple<Parameters...>, typename Parameters::Abi... arguments) {
    Frame request;
    request.put(static_cast<std::uint32_t>(kIndexOf<Function>));
    (remote::putArgument<Parameters>(request, arguments), ...);
    Frame answer;
    HResult status = exchange(request, &answer);
    if (status == kOk) status = answer.take<HResult>();
    // Of an answer that never came all outputs read as nothing.
    (remote::takeResult<Parameters>(answer, arguments, allocateText), ...);
    if (!answer.lacksStreams()) return status;
    (discard<Parameters>(arguments), ...);
    return kNotEnoughMemory;
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
  bool connected();
  bool lost();
  HResult exchange(const Frame& request, Frame* answer);
  std::unique_ptr<Channel> enter(remote::Purpose purpose, remote::Greeting* greeting);
  void listen(Channel& channel);
  void notifyLoss();

  std::mutex mutex_;
  std::string path_;               // empty: not connected
  std::unique_ptr<Channel> life_;  // open as long as this process lives
  std::shared_ptr<Channel> notifications_;
  remote::Session session_;
  bool lost_ = false;
  std::vector<std::unique_ptr<Channel>> idle_;  // for calls
  remote::Listeners<std::shared_ptr<Registration>> listeners_;
};

template <class Function, class Opaque>
HResult RemoteHost::close(Opaque* handle) {
  const auto listeners = listeners_.ofOwner(remote::numberOf(handle));
  for (const auto& listener : listeners) listener->expectOutside(Function::kName);
  const HResult status = call<Function>(handle);
  if (failed(status) && !lost()) return status;
  // Once more: one may have been registered since.
  for (const auto& listener : listeners_.ofOwner(remote::numberOf(handle)))
    listener->stop(Function::kName);
  listeners_.removeOwner(remote::numberOf(handle));
  return kOk;
}

template <class Function, class Opaque>
HResult RemoteHost::subscribe(Opaque* handle, NotificationCallback callback, void* context,
                              HcsRegistration** registration) {
  const auto made = std::make_shared<Registration>(callback, context);
  const std::uint64_t listener = listeners_.add(remote::numberOf(handle), made);
  const HResult status =
      call<Function>(handle, callback, remote::pointerOf<void*>(listener), registration);
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
  if (!listener || (failed(status) && !lost())) return status;
  (*listener)->stop(Function::kName);
  listeners_.remove(*number);
  return kOk;
}

}  // namespace hc::simulator
