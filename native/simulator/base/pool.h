// The threads that drain strands.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

namespace hc::simulator {

class Strand;

class Pool {
 public:
  static Pool& instance();
  // Under the strand's lock: this one is taken inside it, never the other way round.
  void add(std::shared_ptr<Strand> strand);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable added_;
  std::deque<std::shared_ptr<Strand>> ready_;
  int threads_ = 0;
  int idle_ = 0;
};

}  // namespace hc::simulator
