// Hands what clients in other processes ask to JavaScript, and its answers to the threads that wait
// for them.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "../../core/watch.h"
#include "../../remote/peer.h"
#include "../../remote/service.h"
#include "served-request.h"

namespace hc::node {

class RemoteService final : public remote::Service {
 public:
  // What a thread of a connection waits for, until JavaScript has answered it.
  struct Question {
    std::unique_ptr<ServedRequest> request;  // null: whether a client is served
    remote::Peer peer;                       // and who it is
    remote::Frame* answer = nullptr;
    bool answered = false;
    bool good = false;
    std::condition_variable changed;
  };
  struct Event {
    std::uint64_t session = 0;
    std::uint64_t number = 0;            // of the question
    std::shared_ptr<Question> question;  // null: the client has gone
  };

  explicit RemoteService(std::shared_ptr<Waker> waker) : waker_(std::move(waker)) {}

  // On threads of connections.
  bool begin(const std::shared_ptr<remote::ClientSession>& session,
             const remote::Peer& peer) override;
  bool answer(const std::shared_ptr<remote::ClientSession>& session, remote::Frame& request,
              remote::Frame& answer) override;
  void end(const std::shared_ptr<remote::ClientSession>& session) override;
  // Each is copied on the JavaScript thread, for which all clients wait. Documents of more than
  // 2 MiB are refused there.
  std::uint32_t mostRequestBytes() const override { return 8u << 20; }
  bool startThread(std::function<void()> body) override;

  // On the JavaScript thread.
  std::vector<Event> take();
  // Whom the caller has to settle() then. Null: its thread does not wait any more.
  std::shared_ptr<Question> find(std::uint64_t number);
  void settle(std::uint64_t number, bool good);
  // Null: the client has gone.
  std::shared_ptr<remote::ClientSession> client(std::uint64_t session);
  // Nothing is asked any more, and nobody waits.
  void close();

 private:
  bool ask(std::uint64_t session, const std::shared_ptr<Question>& question);

  const std::shared_ptr<Waker> waker_;
  std::mutex mutex_;
  bool closed_ = false;
  std::uint64_t last_ = 0;
  std::vector<Event> events_;
  std::unordered_map<std::uint64_t, std::shared_ptr<Question>> questions_;
  std::unordered_map<std::uint64_t, std::shared_ptr<remote::ClientSession>> clients_;
};

}  // namespace hc::node
