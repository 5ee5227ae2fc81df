// The process that has the host, for tests of its clients: test/native/remote/serve.cc.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include "../support/check.h"

namespace hc::test {

// The other process. It ends when this one does, or when asked to.
class Server {
 public:
  Server() {
    std::array<int, 2> in;
    std::array<int, 2> out;
    CHECK(pipe(in.data()) == 0 && pipe(out.data()) == 0);
    path_ = "/tmp/hostcompute-test-" + std::to_string(getpid()) + ".sock";
    process_ = fork();
    if (process_ == 0) {
      dup2(in[0], 0);
      dup2(out[1], 1);
      for (const int end : {in[0], in[1], out[0], out[1]}) close(end);
      execl(SERVE, SERVE, path_.c_str(), nullptr);
      std::_Exit(127);
    }
    close(in[0]);
    close(out[1]);
    input_ = in[1];
    char word = 0;
    CHECK(read(out[0], &word, 1) == 1);
    close(out[0]);
  }
  ~Server() {
    end();
    unlink(path_.c_str());
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::u16string path() const { return std::u16string(path_.begin(), path_.end()); }
  void end() {
    if (input_ < 0) return;
    close(input_);
    input_ = -1;
    int status = 0;
    CHECK(waitpid(process_, &status, 0) == process_ && status == 0);
  }

 private:
  std::string path_;
  pid_t process_ = 0;
  int input_ = -1;
};

}  // namespace hc::test
