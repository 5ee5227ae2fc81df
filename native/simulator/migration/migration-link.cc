#include "migration-link.h"

#include <chrono>
#include <utility>

#include "../base/threads.h"

namespace hc::simulator {
namespace {

// Much longer than any line of ours: what is longer is no migration.
constexpr std::size_t kLongestLine = 4096;

}  // namespace

std::shared_ptr<MigrationLink> MigrationLink::open(Socket::Handle handle) {
  auto socket = Socket::duplicate(handle);
  auto wait = SocketWait::make();
  if (!socket || !wait) return nullptr;
  wait->watch(*socket);
  return std::make_shared<MigrationLink>(std::move(socket), std::move(wait));
}

bool MigrationLink::send(const std::string& line) {
  if (closed_) return false;
  const std::string bytes = line + '\n';
  return socket_->write(bytes.data(), bytes.size()) == bytes.size();
}

bool MigrationLink::listen(std::function<void(const std::string* line)> heard) {
  return tryStartThread(
      [self = shared_from_this(), heard = std::move(heard)] { self->run(heard); });
}

void MigrationLink::close() {
  if (closed_.exchange(true)) return;
  socket_->endWriting();
  wait_->raise();
}

void MigrationLink::run(const std::function<void(const std::string* line)>& heard) {
  std::string pending;
  while (!closed_ && receive(&pending)) {
    for (std::size_t end; !closed_ && (end = pending.find('\n')) != std::string::npos;) {
      const std::string line = pending.substr(0, end);
      pending.erase(0, end + 1);
      heard(&line);
    }
    if (pending.size() > kLongestLine) break;
  }
  heard(nullptr);
}

// Waits for more. False: there is none.
bool MigrationLink::receive(std::string* pending) const {
  char bytes[512];
  const auto count = socket_->read(bytes, sizeof bytes);
  if (!count) {
    wait_->wait({{socket_->handle(), false}}, std::chrono::hours(1));
    return true;
  }
  pending->append(bytes, *count);
  return *count != 0;
}

}  // namespace hc::simulator
