#include "remote-service.h"

#include <utility>

#include "../../core/detached-thread.h"
#include "../../remote/session.h"

namespace hc::node {

using remote::ClientSession;
using remote::Frame;

bool RemoteService::begin(const std::shared_ptr<ClientSession>& session, const remote::Peer& peer) {
  {
    std::lock_guard lock(mutex_);
    clients_.emplace(session->number(), session);
  }
  const auto question = std::make_shared<Question>();
  question->peer = peer;
  return ask(session->number(), question);
}

bool RemoteService::answer(const std::shared_ptr<ClientSession>& session, Frame& request,
                           Frame& answer) {
  const auto question = std::make_shared<Question>();
  question->request = readRequest(request);
  question->answer = &answer;
  return question->request && ask(session->number(), question);
}

void RemoteService::end(const std::shared_ptr<ClientSession>& session) {
  {
    std::lock_guard lock(mutex_);
    clients_.erase(session->number());
    if (closed_) return;
    events_.push_back({session->number(), 0, nullptr});
    if (events_.size() > 1) return;  // a wake-up is on its way
  }
  waker_->wake();
}

bool RemoteService::startThread(std::function<void()> body) {
  return startDetached(std::move(body));
}

bool RemoteService::ask(std::uint64_t session, const std::shared_ptr<Question>& question) {
  std::unique_lock lock(mutex_);
  if (closed_) return false;
  const std::uint64_t number = ++last_;
  questions_.emplace(number, question);
  events_.push_back({session, number, question});
  if (events_.size() == 1) {
    lock.unlock();
    waker_->wake();
    lock.lock();
  }
  question->changed.wait(lock, [&] { return question->answered; });
  return question->good;
}

std::vector<RemoteService::Event> RemoteService::take() {
  std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

std::shared_ptr<RemoteService::Question> RemoteService::find(std::uint64_t number) {
  std::lock_guard lock(mutex_);
  const auto found = questions_.find(number);
  return found == questions_.end() ? nullptr : found->second;
}

void RemoteService::settle(std::uint64_t number, bool good) {
  std::shared_ptr<Question> question;
  {
    std::lock_guard lock(mutex_);
    const auto found = questions_.find(number);
    if (found == questions_.end()) return;
    question = found->second;
    questions_.erase(found);
    question->good = good;
    question->answered = true;
  }
  // Without the lock, which its thread takes at once.
  question->changed.notify_one();
}

std::shared_ptr<ClientSession> RemoteService::client(std::uint64_t session) {
  std::lock_guard lock(mutex_);
  const auto found = clients_.find(session);
  return found == clients_.end() ? nullptr : found->second;
}

void RemoteService::close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  events_.clear();
  for (const auto& [number, question] : std::exchange(questions_, {})) {
    question->answered = true;
    question->changed.notify_one();
  }
}

}  // namespace hc::node
