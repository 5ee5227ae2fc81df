// sim-http: a program of a guest that listens on a port, and answers every HTTP request with one
// text. Its thread does all of it, without blocking, so that no client holds up another.
#include <algorithm>
#include <list>
#include <string>
#include <utility>

#include "../base/utf8.h"
#include "../guest/programs.h"
#include "published-ports.h"

namespace hc::simulator {
namespace {

using std::chrono::milliseconds;
// Clients are other programs, and know of no virtual time.
using RealClock = std::chrono::steady_clock;

// Of one exchange, from the connection on.
constexpr milliseconds kPatience{10'000};
// When one more comes, the oldest goes.
constexpr std::size_t kMostClients = 64;
constexpr std::size_t kMostHead = 64 * 1024;
// What a client may send after it has its answer: closing before it is read would take the answer
// from it.
constexpr std::size_t kMostRest = 1024 * 1024;
constexpr std::size_t kBlock = 16 * 1024;

std::string answerOf(const std::string& text) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " +
         std::to_string(text.size()) + "\r\nConnection: close\r\n\r\n";
}

// A client, from its connection on: it sends the head of a request, gets the answer, and is closed
// when it has sent the rest.
class Client {
 public:
  Client(std::unique_ptr<Socket> socket, const std::string& text)
      : socket_(std::move(socket)), text_(text) {}

  // Goes as far as it can. False: it is over.
  bool advance() {
    if (RealClock::now() >= until_) return false;
    if (stage_ == Stage::Head && !readHead()) return false;
    if (stage_ == Stage::Answer && !writeAnswer()) return false;
    return stage_ != Stage::Rest || readRest();
  }

  SocketWait::Interest interest() const { return {socket_->handle(), stage_ == Stage::Answer}; }
  RealClock::time_point until() const { return until_; }

 private:
  enum class Stage : std::uint8_t { Head, Answer, Rest };

  bool readHead() {
    char block[kBlock];
    while (const auto count = socket_->read(block, sizeof block)) {
      if (*count == 0) return false;
      head_.append(block, *count);
      if (head_.find("\r\n\r\n") != std::string::npos) {
        answer_ = answerOf(text_);
        if (head_.compare(0, 5, "HEAD ") != 0) answer_ += text_;
        head_.clear();
        stage_ = Stage::Answer;
        return true;
      }
      if (head_.size() > kMostHead) return false;
    }
    return true;
  }

  bool writeAnswer() {
    while (written_ != answer_.size()) {
      const auto count = socket_->write(&answer_[written_], answer_.size() - written_);
      if (!count) return true;
      if (*count == 0) return false;
      written_ += *count;
    }
    socket_->endWriting();
    stage_ = Stage::Rest;
    return true;
  }

  bool readRest() {
    char block[kBlock];
    while (const auto count = socket_->read(block, sizeof block)) {
      rest_ += *count;
      if (*count == 0 || rest_ > kMostRest) return false;
    }
    return true;
  }

  const std::unique_ptr<Socket> socket_;
  const std::string& text_;
  const RealClock::time_point until_ = RealClock::now() + kPatience;
  Stage stage_ = Stage::Head;
  std::string head_;
  std::string answer_;
  std::size_t written_ = 0;
  std::size_t rest_ = 0;
};

void serve(Guest& guest, GuestPort& port, const std::string& text) {
  std::list<Client> clients;  // the oldest first
  while (!guest.over()) {
    while (auto socket = port.accept()) {
      if (clients.size() == kMostClients) clients.pop_front();
      clients.emplace_back(std::move(socket), text);
    }
    std::vector<SocketWait::Interest> interests;
    clients.remove_if([](Client& client) { return !client.advance(); });
    for (const Client& client : clients) interests.push_back(client.interest());
    auto time = kPatience;
    if (!clients.empty())
      time = std::chrono::ceil<milliseconds>(clients.front().until() - RealClock::now());
    guest.block([&] { port.wait(std::move(interests), std::max(time, milliseconds{0})); });
  }
}

}  // namespace

std::uint32_t runHttp(Guest& guest, const Command& command) {
  const auto& arguments = command.arguments;
  const std::uint64_t number = arguments.size() > 1 ? numberOf(arguments[1]).value_or(0) : 0;
  const std::string end(guest.lineEnd());
  if (number == 0 || number > UINT16_MAX) {
    guest.write(command.error, "usage: sim-http PORT [TEXT]" + end);
    return 2;
  }
  const std::string text =
      arguments.size() > 2 ? joinWords(arguments, 2) : "Hello from " + guest.launch.hostName + "\n";
  bool taken = false;
  const auto port = PublishedPorts::instance().listen(guest.launch.systems,
                                                      static_cast<std::uint16_t>(number), &taken);
  if (!port) {
    const std::string why = taken ? "is in use" : "needs a handle, and there is none left";
    guest.write(command.error, "sim-http: port " + arguments[1] + " " + why + end);
    return 1;
  }
  const StopAction stopping(guest, [port] { port->stop(); });
  if (guest.write(command.output, "Listening on port " + arguments[1] + end))
    serve(guest, *port, text);
  port->stop();
  return 0;
}

}  // namespace hc::simulator
