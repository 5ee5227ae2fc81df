// One environment: a host, the inbox it fills, and the calls as JavaScript begins them.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "check.h"
#include "closing.h"
#include "core/call.h"
#include "reader.h"

namespace hc::test {

inline Libraries::Path pathOf(const std::string& file) {
  Libraries::Path path;
  path.utf8 = file;
  path.utf16.assign(file.begin(), file.end());
#if defined(_WIN32)
  std::replace(path.utf16.begin(), path.utf16.end(), u'/', u'\\');
#endif
  return path;
}

inline std::shared_ptr<const Libraries> openLibraries(const std::string& vmcompute,
                                                      const std::string& simulator = "") {
  Libraries::Paths paths;
  paths[static_cast<std::size_t>(Library::vmcompute)] = pathOf(vmcompute);
  paths[static_cast<std::size_t>(Library::simulator)] = pathOf(simulator);
  const auto opened = Libraries::open(paths);
  if (!opened.libraries) std::fprintf(stderr, "%s\n", opened.error.c_str());
  return opened.libraries;
}

template <class Function>
class TestCall final : public Call<SignatureOf<Function>, Operation> {
 public:
  TestCall(std::uint64_t id, std::shared_ptr<Host> host, bool paired)
      : Call<SignatureOf<Function>, Operation>(entryOf<Function>(), id, std::move(host), paired) {}
  using CallBase<Operation>::opened;
};

class Environment {
 public:
  explicit Environment(std::shared_ptr<const Libraries> libraries)
      : host(std::make_shared<Host>(std::move(libraries), reader.inbox, reader.waker,
                                    Workers::Limits{})) {}

  // True when everything has gone: no thread, no cycle keeps the host or the inbox.
  bool end() {
    host->end(kPatience);
    reader.forget();
    const std::weak_ptr<Host> weak = host;
    host.reset();
    return eventually([&] { return weak.expired() && reader.inbox.use_count() == 1; });
  }

  template <class Function>
  std::unique_ptr<TestCall<Function>> make(bool paired = true) {
    return std::make_unique<TestCall<Function>>(nextId(), host, paired);
  }
  template <class Function>
  std::uint64_t submit(std::unique_ptr<TestCall<Function>> call) {
    const std::uint64_t id = call->id;
    host->workers().submit(std::move(call));
    return id;
  }
  template <class Function>
  std::unique_ptr<TestCall<Function>> completion(std::uint64_t id) {
    auto operation = reader.completion(id);
    CHECK(operation != nullptr);
    return std::unique_ptr<TestCall<Function>>(
        static_cast<TestCall<Function>*>(operation.release()));
  }

  // A call on a system; 0 when the handle is being closed.
  template <class Function>
  std::uint64_t begin(const std::shared_ptr<Handle>& handle) {
    auto call = make<Function>();
    if (!call->use(handle)) return 0;
    std::get<0>(call->slots) = static_cast<HcsSystem*>(handle->value());
    return submit(std::move(call));
  }
  std::uint64_t close(const std::shared_ptr<Handle>& handle) {
    const std::uint64_t id = nextId();
    handle->close(std::make_unique<Closing<Operation>>(id, host, handle));
    return id;
  }

  Reader reader;
  std::shared_ptr<Host> host;
};

}  // namespace hc::test
