// A host whose answers, notifications and delays follow from the seed. It fails the seed when it is
// called as no host may be: with a lock held, on the JavaScript thread or in a callback, on a
// handle that is closed, or closing one that is in use.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "abi/computecore.h"
#include "abi/hcn.h"

namespace hc::seeds {

class ScriptedHost {
 public:
  // A notification, by its number, which it carries as its status and its data.
  struct Sent {
    std::uint32_t type;
    std::uint64_t returned = 0;  // the turn at which the callback had returned
  };
  // What a caller has open: a handle and, while there is one, its registration.
  struct Object {
    std::uint64_t opener = 0;  // the call, whose number its watch has
    bool system = false;
    bool core = false;  // of computecore.dll
    bool created = false;
    bool opened = false;
    bool exited = false;  // or disconnected
    bool disconnected = false;
    bool closed = false;
    bool closeRefused = false;
    int terminated = 0;  // by its close
    int inside = 0;      // calls on it
    int running = 0;     // callbacks
    bool registered = false;
    bool wasAsked = false;  // to register
    NotificationCallback callback = nullptr;
    HcsEventCallback onEvent = nullptr;
    void* context = nullptr;
    std::deque<Notification> due;
    std::vector<Sent> sent;
    std::vector<int> descriptors;
    // How many calls that wait for this may be left without it.
    std::map<Notification, std::size_t> withheld;
  };

  // An operation of computecore.dll. Its caller may close it at any time.
  struct Operation {
    enum class State { New, Running, Completed };
    std::uint64_t call = 0;
    Object* object = nullptr;
    HcsOperationCallback callback = nullptr;
    void* context = nullptr;
    State state = State::New;
    bool ofProcess = false;
    bool refused = false;
    bool never = false;  // completes
    bool closed = false;
    HResult status = kOk;
    int due = 0;      // how often it will complete
    int running = 0;  // callbacks
  };

  static ScriptedHost& get();

  bool refusesToClose = true;
  // How many calls may never return: fewer than there may be threads.
  std::size_t mayStick = 0;

  // The threads that call back, and one by which things happen unasked.
  void open();
  // Ends them, when all else has ended.
  void close();

  // Calls that never return, until this.
  void release() { released_ = true; }
  bool isStuck(std::uint64_t call) const { return stuck_.count(call) != 0; }
  std::size_t stuck() const { return stuck_.size(); }
  bool anyStuckOn(std::uint64_t watch) const;
  // How often this call has been made.
  std::size_t seen(std::uint64_t call) const;
  // What a call has opened, by which its watch is named; or null.
  const Object* openedBy(std::uint64_t call) const;
  const std::vector<std::unique_ptr<Object>>& objects() const { return objects_; }
  bool ordered() const { return ordered_; }
  std::uint64_t textsGiven() const { return texts_ + localTexts_; }
  void freed() { --texts_; }
  void freedLocally() { --localTexts_; }

  // What the functions do.
  HResult create(const char16_t* id, const char16_t* configuration, HcsSystem** out,
                 char16_t** result, bool pends, bool core = false);
  HResult call(void* handle, bool system, Notification completion, const char16_t* options,
               char16_t** result);
  HResult createProcess(void* system, const char16_t* parameters, ProcessInformation* information,
                        HcsProcess** out, char16_t** result);
  HResult addCallback(void* handle, bool system, NotificationCallback callback, void* context,
                      HcsRegistration** out);
  HResult removeCallback(HcsRegistration* registration, bool system);
  HResult closeHandle(void* handle, bool system);

  // Of operations, which threads of the host complete.
  Operation* createOperation(void* context, HcsOperationCallback callback);
  void closeOperation(Operation* operation);
  HResult resultOf(Operation* operation, ProcessInformation* information, char16_t** document);
  HResult enumerate(const char16_t* query, Operation* operation);
  HResult createCore(const char16_t* configuration, Operation* operation, HcsSystem** out);
  HResult createCoreProcess(void* system, const char16_t* parameters, Operation* operation,
                            HcsProcess** out);
  HResult operate(void* handle, bool system, bool exits, const char16_t* options,
                  Operation* operation);
  HResult setCallback(void* handle, bool system, HcsEventCallback callback, void* context);
  // Of a call; null where it got none.
  const Operation* operationOf(std::uint64_t call) const;
  const std::vector<std::unique_ptr<Operation>>& operations() const { return operations_; }

  // Of networks, which a call opens, or creates, and closes again.
  HResult openNetwork(std::uint64_t call, HcnNetwork** out, char16_t** record);
  HResult useNetwork(HcnNetwork* handle, char16_t** answer, char16_t** record);
  HResult closeNetwork(HcnNetwork* handle);
  bool hasOpenNetwork(std::uint64_t call) const;  // 0: of any

 private:
  void begin(const char* name, std::uint64_t call, Object* object);
  void end(std::uint64_t call, Object* object, char16_t** result);
  Object* known(void* handle, bool system);
  Object& add(std::uint64_t opener, bool system, bool created);
  HResult answer(std::uint64_t call, Object& object, Notification completion);
  HResult accept(std::uint64_t call, Object* object, bool exits, Operation& operation);
  void complete(Operation& operation);
  void completeAll();
  void notify(Object& object, Notification notification);
  void stick(std::uint64_t call, Object* object, Notification completion);
  bool deliverable(const Object& object) const;
  void deliver();
  void happen();

  struct Network {
    std::uint64_t opener = 0;
    bool closed = false;
  };

  char16_t* give(const std::u16string& text, std::uint64_t& texts);

  std::vector<std::unique_ptr<Object>> objects_;
  std::vector<std::unique_ptr<Network>> networks_;
  std::vector<std::unique_ptr<Operation>> operations_;
  std::map<std::uint64_t, Object*> stuck_;  // call -> what it is on
  std::map<std::uint64_t, std::size_t> seen_;
  std::uint64_t texts_ = 0;       // of CoTaskMemFree
  std::uint64_t localTexts_ = 0;  // of LocalFree
  bool ordered_ = true;
  bool released_ = false;
  bool closing_ = false;
};

// Of a notification, or of an event, whose numbers are others.
std::uint32_t eventOf(Notification notification);

// The number in a text such as "17".
inline std::uint64_t numberIn(const char16_t* text) {
  std::uint64_t number = 0;
  for (; text != nullptr && *text != 0; ++text) number = number * 10 + (*text - u'0');
  return number;
}

inline std::u16string textOf(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return {digits.begin(), digits.end()};
}

}  // namespace hc::seeds
