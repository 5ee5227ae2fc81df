// The guest's ends of the streams of one process. A program reads and writes them on its own
// thread; whoever ends the process, or closes a stream, does so from any other at any moment.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

#include "../../abi/hcs.h"
#include "../base/in-flight.h"
#include "../documents/process-documents.h"
#include "pipes.h"

namespace hc::simulator {

class Streams {
 public:
  // To keep the pipes is to leave them open at the end of the process, until nobody knows of it.
  explicit Streams(InFlight& inFlight, bool keep = false) : inFlight_(inFlight), keep_(keep) {}
  ~Streams();
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  // Before the program runs. Makes the pipes asked for and gives the client its ends; false when
  // the system has no more handles, and then nothing is left open.
  bool open(bool input, bool output, bool error, ProcessInformation* clients);
  // Any thread: the client's ends once more, each null when there is no such stream or the client
  // has closed its end. False when the system has no more handles, and then nothing is left open.
  bool duplicate(ProcessInformation* clients) const;

  // Any thread, under any lock but that of the inFlight.
  //
  // The process has ended. An end that is in use is closed by its user, who is woken; one that is
  // kept stays open.
  void stop();
  // Input ends after what the client has written so far; output cannot be written any more.
  void close(Stream stream);
  void resize(ConsoleSize size);
  ConsoleSize size();
  bool stopped();

  // The thread of the program.
  //
  // Woken: stopped. A stream that was never opened has ended if it is input, and takes everything
  // if it is output.
  IoResult read(char* data, std::size_t size, Time until);
  bool write(Stream stream, const char* data, std::size_t size);
  // False: stopped before the time came.
  bool sleep(Time until);
  bool has(Stream stream);

  // Waits in what the caller gives, which must return when the process has been stopped: by what is
  // done then, at once, on the thread that stops it. Null: nothing is.
  void block(const std::function<void()>& wait);
  void whenStopped(std::function<void()> action);

  // Any thread: how many pipes are open at the guest's end.
  std::size_t count();

 private:
  struct Channel {
    std::unique_ptr<PipeEnd> end;
    ClientEnd client;  // set once, before the program runs
    bool opened = false;
    bool busy = false;     // the program uses the end without the lock
    bool closing = false;  // to be closed by the program: at once, or input when it is empty
  };

  Channel& channel(Stream stream) { return channels_[static_cast<std::size_t>(stream)]; }
  void wake();
  void wakeUp();
  void closeAll();
  void use(TimedWait* wait);
  PipeEnd* acquire(Channel& channel);
  void release(Channel& channel, bool ended);
  void discard(std::unique_ptr<PipeEnd> end);

  InFlight& inFlight_;
  const bool keep_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<Wake> wake_;  // null while there are no pipes
  bool raised_ = false;
  TimedWait* wait_ = nullptr;  // of the program, while it reads, writes or sleeps
  bool stopped_ = false;
  std::function<void()> whenStopped_;
  ConsoleSize size_;
  std::array<Channel, 3> channels_;
};

// Closes the ends of a client that does not get them.
void discardStreams(ProcessInformation* information);

}  // namespace hc::simulator
