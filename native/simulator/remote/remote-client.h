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
#include <unordered_set>
#include <utility>
#include <vector>

#include "../../remote/channel.h"
#include "../../remote/handshake.h"
#include "../../remote/listeners.h"
#include "../../remote/values.h"
#include "../../remote/wire-signature.h"
#include "../base/outcome.h"
#include "../base/platform.h"
#include "../base/returned-texts.h"
#include "../notifications/registration.h"
#include "remote-operations.h"

namespace hc::simulator {

using remote::Channel;
using remote::Frame;

// The handles of a connection carry its number in their upper bits, which pointers of a server
// leave zero: those of a connection that has ended are told from those of the next one.
constexpr unsigned kHandleBits = 48;

// The number of no connection.
constexpr std::uint64_t kNoConnection = 0xffff;

// What the calls of a signature differ in.
struct RemoteFunction {
  std::uint32_t index;
  const char* name;
  bool borrows;  // what it gives out ends with another handle
  remote::Give give;
};

template <class Result, class... Parameters>
constexpr bool borrowsFrom(const std::tuple<Parameters...>*) {
  return (std::is_same_v<Parameters, Out<hc::Registration>> || ...) ||
         std::is_same_v<Result, HcsSystem*> || std::is_same_v<Result, HcsProcess*>;
}
template <class Function>
constexpr RemoteFunction kRemoteFunction = {
    static_cast<std::uint32_t>(kIndexOf<Function>), Function::kName,
    borrowsFrom<typename Function::Result>(&Function::kParameters),
    allocateText<textMemoryOf(Function::kLibrary)>};

class RemoteHost {
 public:
  // Never destroyed: threads may be inside it when the process ends.
  static RemoteHost& instance();

  // Null: connected from now on, until the server has gone or everybody has left. Else what is
  // wrong with the path. A process has one connection at a time, which several may use.
  std::optional<std::string> connect(const std::string& path);
  // One of those who have connected needs the connection only for the handles that are open.
  void leave();

  // One argument for each parameter.
  template <class Function, class... Arguments>
  HResult call(Arguments... arguments) {
    return call(kRemoteFunction<Function>, remote::WireSignatureOf<Function>{},
                Function::kParameters, arguments...);
  }
  // Of a function that takes an operation and returns a value.
  template <class Function>
  HResult ask(HcsOperation* operation, void** handle) {
    return exchange(kRemoteFunction<Function>, remote::WireSignatureOf<Function>{}, operation,
                    handle);
  }
  template <class Function>
  HResult ask(HcsOperation* operation, std::uint64_t* number) {
    return exchange(kRemoteFunction<Function>, remote::WireSignatureOf<Function>{}, operation,
                    number);
  }

  HResult close(const RemoteFunction& function, void* handle);
  HResult subscribe(const RemoteFunction& function, void* handle, NotificationCallback callback,
                    void* context, HcsRegistration** registration);
  // The callback of the service, which is registered on no handle.
  HResult subscribe(const RemoteFunction& function, NotificationCallback callback, void* context,
                    HcsRegistration** registration);
  HResult unsubscribe(const RemoteFunction& function, HcsRegistration* registration);

  // The functions of computecore.dll that take callbacks, and those for operations. A callback ends
  // with the handle that it is of.
  HResult setCallback(const RemoteFunction& function, void* handle, std::uint32_t options,
                      void* context, HcsEventCallback callback);
  HcsOperation* createOperation(void* context, HcsOperationCallback callback);
  HcsOperation* createOperation(std::uint32_t eventTypes, void* context, HcsEventCallback callback);
  HResult setOperationContext(HcsOperation* operation, void* context);
  void* operationContext(HcsOperation* operation);
  HResult setOperationCallback(HcsOperation* operation, void* context,
                               HcsOperationCallback callback);
  HResult closeOperation(HcsOperation* operation);
  // Around a call that an operation follows: used with this handle, or making one.
  bool beginOperation(HcsOperation* operation, void* handle);
  void followOperation(HcsOperation* operation, HResult status, void* made);
  // Its result has been taken, if it has one.
  void endOperation(HcsOperation* operation, HResult status);

 private:
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

  template <class Shared, class... Parameters>
  HResult call(const RemoteFunction& function, Shared signature, std::tuple<Parameters...>,
               typename Parameters::Abi... arguments) {
    std::tuple<Untyped<Parameters>...> untyped(arguments...);
    return std::apply([&](auto&... each) { return exchange(function, signature, each.pass()...); },
                      untyped);
  }

  template <class... Parameters>
  HResult exchange(const RemoteFunction& function, Signature<Parameters...>,
                   typename Parameters::Abi... arguments) {
    Frame answer;
    HResult status = kServerUnavailable;
    const auto connection = connected();
    if (connection && (toServer<Parameters>(*connection, arguments) && ...)) {
      Frame request;
      request.put(function.index);
      (remote::putArgument<Parameters>(request, arguments), ...);
      status = exchange(*connection, request, &answer);
      if (status == kOk) status = answer.take<HResult>();
    }
    // Of an answer that never came all outputs read as nothing.
    (remote::takeResult<Parameters>(answer, arguments, function.give), ...);
    if (connection) (fromServer<Parameters>(function, *connection, arguments), ...);
    if (!answer.lacksStreams()) return status;
    (discard<Parameters>(arguments), ...);
    return kNotEnoughMemory;
  }

  template <class Parameter>
  static constexpr bool kIsHandle =
      remote::kIsOneOf<Parameter, shape::Handle<void>, shape::Object<void>>;

  // False: the handle is of a connection that has ended.
  template <class Parameter>
  static bool toServer(const Connection& connection, typename Parameter::Abi& argument) {
    if constexpr (kIsHandle<Parameter> && !kIsOut<Parameter>) return toServer(connection, argument);
    return true;
  }
  static bool toServer(const Connection& connection, void*& handle);
  template <class Parameter>
  void fromServer(const RemoteFunction& function, const Connection& connection,
                  typename Parameter::Abi argument) {
    if constexpr (kIsHandle<Parameter> && kIsOut<Parameter>)
      if (argument != nullptr && *argument != nullptr) opened(function, connection, *argument);
  }

  // A process whose streams this one cannot have is terminated, and its handle closed. No function
  // but HcsCreateProcess gives both.
  template <class Parameter>
  void discard(typename Parameter::Abi argument) {
    if constexpr (std::is_same_v<Parameter, Out<shape::Streams>>) {
      for (void* stream : {argument->stdInput, argument->stdOutput, argument->stdError})
        if (stream != nullptr && stream != kInvalidStream) remote::closeStream(stream);
      *argument = {};
    } else if constexpr (std::is_same_v<Parameter, Out<shape::Handle<void>>>) {
      terminate(static_cast<HcsProcess*>(std::exchange(*argument, nullptr)));
    }
  }

  template <class Ask>
  HResult subscribe(const RemoteFunction& function, std::uint64_t owner,
                    NotificationCallback callback, void* context, HcsRegistration** registration,
                    Ask ask);
  // `ask` passes our number of the listener to the server, or null where there is none.
  template <class Ask>
  HResult attach(const RemoteFunction& function, std::uint64_t owner,
                 const std::shared_ptr<Registration>& registration, Ask ask);
  template <class Ask>
  HcsOperation* createOperation(const RemoteFunction& function, OperationCallbacks callbacks,
                                Ask ask);
  HcsOperation* disconnectedOperation();
  void complete(const RemoteOperations::Lost& lost);
  void terminate(HcsProcess* process);
  std::shared_ptr<Connection> connected();
  // Whether the connection of a handle is over.
  bool lost(std::uint64_t handle);
  // A handle of the server as this library gives it out.
  template <class Pointer>
  static Pointer ours(const Connection& connection, Pointer handle) {
    return remote::pointerOf<Pointer>(remote::numberOf(handle) | connection.number << kHandleBits);
  }
  // One that the server has opened, which becomes one of this library.
  void opened(const RemoteFunction& function, const Connection& connection, void*& handle);
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
  std::uint64_t disconnected_ = 0;          // operations that were created without one
  int users_ = 0;                           // of the current one, who have not left it
  std::unordered_set<std::uint64_t> open_;  // handles of it
  remote::Listeners<std::shared_ptr<Registration>> listeners_;
  RemoteOperations operations_;
};

}  // namespace hc::simulator
