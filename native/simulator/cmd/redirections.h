// Where the streams of a command lead while it runs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "interpreter.h"

namespace hc::simulator::cmd {

// What one side of a pipe leaves for the other, or a command for `for /f`.
class TextSink : public Sink {
 public:
  bool write(std::string_view text) override;
  std::string text;
};

// Until its end. Not good: a file cannot be opened, and cmd has said so.
class Redirected {
 public:
  Redirected(Interpreter& shell, const std::vector<Redirection>& redirections);
  ~Redirected() { shell_.guest.routes = before_; }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;

  bool good() const { return good_; }

 private:
  bool apply(const Redirection& redirection);
  bool read(const std::string& name);
  bool write(const std::string& name, bool append, Route* route);

  Interpreter& shell_;
  const Routes before_;
  std::vector<std::unique_ptr<Sink>> files_;
  std::string text_;
  std::string_view input_;
  bool good_ = true;
};

// NUL, with a folder or a colon.
bool isNullDevice(std::string_view name);

}  // namespace hc::simulator::cmd
