// Questions that are being asked: each on a thread of its own, which nobody waits for, as a call to
// a service that hangs never returns. Whoever asks may end before that.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../core/sync.h"
#include "question.h"

namespace hc::inspect {

class Asker : public std::enable_shared_from_this<Asker> {
 public:
  // Gives the JSON of an answer; on any thread.
  using Answering = std::u16string (*)(const Question& question);

  // Told that there is something to take, on the thread of a question.
  class Reader {
   public:
    virtual ~Reader() = default;
    virtual void onAnswer() = 0;
  };

  struct Answered {
    std::uint32_t id;
    std::u16string json;
  };

  static std::shared_ptr<Asker> create(Answering answering, std::shared_ptr<Reader> reader);

  // How many at once: those that never come back stay.
  static constexpr std::size_t kMost = 512;

  // False when no thread can be had.
  bool ask(std::uint32_t id, Question question);
  // What has been answered since.
  std::vector<Answered> take();
  // How many threads have not ended.
  std::size_t asking() const;

 private:
  Asker(Answering answering, std::shared_ptr<Reader> reader);

  const Answering answering_;
  const std::shared_ptr<Reader> reader_;
  mutable Mutex mutex_;
  std::vector<Answered> answered_;
  std::size_t asking_ = 0;
};

}  // namespace hc::inspect
