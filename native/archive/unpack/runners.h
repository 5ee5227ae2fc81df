// The threads that write files, as many as there are processors: shared by all archives of the
// process, and kept for some seconds for the next one.
#pragma once

#include <cstddef>
#include <memory>

namespace hc::archive {

class Runnable {
 public:
  virtual ~Runnable() = default;
  // On one of the threads. Throws nothing.
  virtual void run() = 0;
};

// How many threads there may be.
std::size_t mostRunners();
// Has a thread run it, after what was submitted before. False when there is no thread for it.
bool submit(std::shared_ptr<Runnable> runnable);

}  // namespace hc::archive
