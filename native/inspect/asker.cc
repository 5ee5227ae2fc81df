#include "asker.h"

#include <mutex>
#include <utility>

#include "../core/detached-thread.h"

namespace hc::inspect {

std::shared_ptr<Asker> Asker::create(Answering answering, std::shared_ptr<Reader> reader) {
  return std::shared_ptr<Asker>(new Asker(answering, std::move(reader)));
}

Asker::Asker(Answering answering, std::shared_ptr<Reader> reader)
    : answering_(answering), reader_(std::move(reader)) {}

bool Asker::ask(std::uint32_t id, Question question) {
  {
    std::lock_guard<Mutex> lock(mutex_);
    if (asking_ == kMost) return false;
    ++asking_;
  }
  const bool started =
      startDetached([self = shared_from_this(), id, question = std::move(question)] {
        std::u16string json = self->answering_(question);
        {
          std::lock_guard<Mutex> lock(self->mutex_);
          self->answered_.push_back({id, std::move(json)});
          --self->asking_;
        }
        self->reader_->onAnswer();
      });
  if (started) return true;
  std::lock_guard<Mutex> lock(mutex_);
  --asking_;
  return false;
}

std::vector<Asker::Answered> Asker::take() {
  std::lock_guard<Mutex> lock(mutex_);
  return std::exchange(answered_, {});
}

std::size_t Asker::asking() const {
  std::lock_guard<Mutex> lock(mutex_);
  return asking_;
}

}  // namespace hc::inspect
