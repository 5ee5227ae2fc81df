#include "redirections.h"

#include <algorithm>
#include <utility>

#include "builtins.h"
#include "expansion.h"

namespace hc::simulator::cmd {
namespace {

// What is written through a pipe is kept until its reader runs.
constexpr std::size_t kPipe = 16 * 1024 * 1024;

class FileSink : public Sink {
 public:
  FileSink(GuestFiles& files, std::string path) : files_(files), path_(std::move(path)) {}
  bool write(std::string_view text) override {
    return files_.write(path_, text, true) == FileResult::Done;
  }

 private:
  GuestFiles& files_;
  const std::string path_;
};

}  // namespace

bool TextSink::write(std::string_view more) {
  if (more.size() > kPipe - text.size()) return false;
  text += more;
  return true;
}

bool isNullDevice(std::string_view name) {
  const std::size_t slash = name.find_last_of("\\/");
  std::string last = lowerCase(slash == std::string_view::npos ? name : name.substr(slash + 1));
  if (!last.empty() && last.back() == ':') last.pop_back();
  return last == "nul";
}

Redirected::Redirected(Interpreter& shell, const std::vector<Redirection>& redirections)
    : shell_(shell), before_(shell.guest.routes) {
  good_ = std::all_of(redirections.begin(), redirections.end(),
                      [this](const Redirection& each) { return apply(each); });
  if (!good_) shell.guest.routes = before_;
}

bool Redirected::apply(const Redirection& redirection) {
  Routes& routes = shell_.guest.routes;
  Route other;  // of a stream that no program here has
  Route* const route = redirection.stream == 1   ? &routes.output
                       : redirection.stream == 2 ? &routes.error
                                                 : &other;
  if (redirection.kind == Redirection::Kind::Join) {
    if (redirection.joined == 1) *route = routes.output;
    if (redirection.joined == 2) *route = routes.error;
    return true;
  }
  const std::string name = withoutAllQuotes(shell_.substitute(redirection.file));
  if (redirection.kind == Redirection::Kind::Read) return read(name);
  return write(name, redirection.kind == Redirection::Kind::Append, route);
}

bool Redirected::read(const std::string& name) {
  if (!isNullDevice(name)) {
    auto text = shell_.guest.files().read(shell_.pathOf(name));
    if (!text) {
      shell_.printError("The system cannot find the file specified.\r\n");
      return false;
    }
    text_ = std::move(*text);
  }
  input_ = text_;
  shell_.guest.routes.input = &input_;
  return true;
}

bool Redirected::write(const std::string& name, bool append, Route* route) {
  if (isNullDevice(name)) {
    *route = Route{Target::Nothing};
    return true;
  }
  if (lowerCase(name) == "con") {
    *route = Route{Target::Output};
    return true;
  }
  std::string path = shell_.pathOf(name);
  const FileResult opened = shell_.guest.files().write(path, {}, append);
  if (opened != FileResult::Done) {
    shell_.printError(std::string(textOf(opened)));
    return false;
  }
  files_.push_back(std::make_unique<FileSink>(shell_.guest.files(), std::move(path)));
  *route = Route{Target::Output, files_.back().get()};
  return true;
}

}  // namespace hc::simulator::cmd
