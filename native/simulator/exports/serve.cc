#include "serve.h"

#include <mutex>

#include "../../remote/channel.h"
#include "../../remote/host-service.h"
#include "../../remote/server.h"
#include "../base/platform.h"
#include "../base/threads.h"
#include "state-library.h"

namespace hc::simulator {

std::optional<std::string> serve(std::string* name) {
  static std::mutex& serving = *new std::mutex;
  static std::string& servedAt = *new std::string;
  // Until the process ends: its threads may be inside.
  static std::shared_ptr<remote::Server>& server = *new std::shared_ptr<remote::Server>;
  std::lock_guard lock(serving);
  if (!servedAt.empty()) return "cannot be served: this host is already at " + servedAt;
  if (name->empty()) *name = remote::defaultName();
  const auto service =
      remote::makeHostService({HcSimulatorFunctions(kListHash), freeTexts, tryStartThread});
  std::string why;
  server = remote::Server::open(*name, {}, service, &why);
  if (!server) return why;
  servedAt = *name;
  return std::nullopt;
}

}  // namespace hc::simulator
