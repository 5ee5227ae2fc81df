#include "parser.h"

#include <utility>

#include "../guest/launch.h"

namespace hc::simulator::cmd {
namespace {

constexpr int kDeepest = 32;
constexpr std::string_view kSyntax = "The syntax of the command is incorrect.";

bool isDigit(char c) { return c >= '0' && c <= '9'; }

NodePointer nodeOf(Node::Kind kind) {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  return node;
}

}  // namespace

NodePointer Parser::refuse() {
  if (error_.empty()) error_ = kSyntax;
  return nullptr;
}

// Something stands here that the grammar does not allow.
NodePointer Parser::refuseHere() {
  const std::string found = reader_.unexpected();
  if (found.empty()) return refuse();
  if (error_.empty()) error_ = found + " was unexpected at this time.";
  return nullptr;
}

Parsed Parser::parse() {
  Parsed parsed;
  parsed.tree = parseParts(Node::Kind::Sequence, false);
  if (!failed() && !reader_.ended()) refuseHere();
  if (failed()) parsed.tree = nullptr;
  parsed.error = std::move(error_);
  parsed.unended = unended_;
  return parsed;
}

bool Parser::takeJoiner(Node::Kind kind, bool oneLine) {
  reader_.skipDelimiters();
  const char c = reader_.here();
  const bool twice = reader_.after() == c;
  const bool found = kind == Node::Kind::OrElse    ? c == '|' && twice
                     : kind == Node::Kind::AndThen ? c == '&' && twice
                     : kind == Node::Kind::Pipe    ? c == '|' && !twice
                     : c == '\n'                   ? !oneLine && !reader_.ended()
                                                   : c == '&' && !twice;
  if (!found) return false;
  const bool two = kind == Node::Kind::OrElse || kind == Node::Kind::AndThen;
  reader_.step(two ? 2 : 1);
  return true;
}

NodePointer Parser::parseNext(Node::Kind kind, bool oneLine) {
  if (kind == Node::Kind::Pipe) return parsePart();
  return parseParts(static_cast<Node::Kind>(static_cast<int>(kind) + 1), oneLine);
}

// Null without an error: there is nothing before the end of the line or of the block.
NodePointer Parser::parseParts(Node::Kind kind, bool oneLine) {
  const bool sequence = kind == Node::Kind::Sequence;
  NodePointer first;
  NodePointer all;
  for (;;) {
    const bool lineEnds = sequence && !oneLine;
    while (lineEnds && !reader_.ended() && (isDelimiter(reader_.here()) || reader_.here() == '\n'))
      reader_.step();
    NodePointer part = parseNext(kind, oneLine);
    if (failed()) return nullptr;
    const bool any = first || all;
    if (!part) {
      // Only a single & may be the last.
      if (any && !sequence) return refuse();
      break;
    }
    if (all) {
      all->parts.push_back(std::move(part));
    } else if (first) {
      all = nodeOf(kind);
      all->parts.push_back(std::move(first));
      all->parts.push_back(std::move(part));
    } else {
      first = std::move(part);
    }
    if (!takeJoiner(kind, oneLine)) break;
  }
  return all ? std::move(all) : std::move(first);
}

bool Parser::endsPart() const {
  return isSpecial(reader_.here()) || (reader_.here() == ')' && blocks_ > 0);
}

NodePointer Parser::parsePart() {
  while (!reader_.ended() && (isDelimiter(reader_.here()) || reader_.here() == '@')) reader_.step();
  auto node = nodeOf(Node::Kind::Command);
  if (!takeRedirections(node.get())) return nullptr;
  afterBlock_ = false;
  if (endsPart() || (reader_.here() == ')' && blocks_ == 0)) {
    if (!node->redirections.empty()) return node;
    if (reader_.here() == '\n' || (reader_.here() == ')' && blocks_ > 0)) return nullptr;
    return refuseHere();
  }
  const bool block = reader_.here() == '(';
  const bool keyword = reader_.hasWord("if") || reader_.hasWord("for");
  if (!block && !keyword) {
    return reader_.hasWord("rem") ? parseRemark() : parseCommand(std::move(node));
  }
  if (++depth_ > kDeepest) return refuse();
  NodePointer part = block ? parseBlock() : reader_.takeWord("if") ? parseIf() : parseFor();
  --depth_;
  if (!part) return nullptr;
  for (Redirection& each : node->redirections) part->redirections.push_back(std::move(each));
  return part;
}

// Redirections after a block are those of all that is in it.
NodePointer Parser::parseBlock() {
  reader_.step();
  ++blocks_;
  auto node = nodeOf(Node::Kind::Block);
  node->body = parseParts(Node::Kind::Sequence, false);
  if (failed()) return nullptr;
  if (reader_.ended()) {
    unended_ = true;
    return refuse();
  }
  if (reader_.here() != ')' || !node->body) return refuseHere();
  --blocks_;
  reader_.step();
  if (!takeRedirections(node.get())) return nullptr;
  afterBlock_ = true;
  return node;
}

// All that follows on the line belongs to it.
NodePointer Parser::parseBody() {
  NodePointer body = parseParts(Node::Kind::Sequence, true);
  return body || failed() ? std::move(body) : refuseHere();
}

NodePointer Parser::parseIf() {
  auto node = nodeOf(Node::Kind::If);
  if (!parseCondition(&node->condition)) return nullptr;
  node->body = parseBody();
  if (failed()) return nullptr;
  reader_.skipDelimiters();
  if (!afterBlock_ || !reader_.takeWord("else")) return node;
  node->otherwise = parseBody();
  return failed() ? nullptr : std::move(node);
}

bool Parser::parseCondition(Condition* condition) {
  using Kind = Condition::Kind;
  const auto next = [&] {
    reader_.skipDelimiters();
    return reader_.word(blocks_ > 0);
  };
  for (;;) {
    reader_.skipDelimiters();
    if (reader_.takeWord("/i")) {
      condition->ignoreCase = true;
    } else if (reader_.takeWord("not")) {
      condition->negated = !condition->negated;
    } else {
      break;
    }
  }
  constexpr std::pair<std::string_view, Kind> kTests[] = {{"exist", Kind::Exist},
                                                          {"errorlevel", Kind::ErrorLevel},
                                                          {"defined", Kind::Defined},
                                                          {"cmdextversion", Kind::Extensions}};
  for (const auto& [name, kind] : kTests) {
    if (!reader_.takeWord(name)) continue;
    condition->kind = kind;
    condition->left = next();
    if (condition->left.empty()) refuseHere();
    return !failed();
  }
  condition->left = next();
  reader_.skipBlanks();
  if (reader_.here() == '=' && reader_.after() == '=') {
    condition->operation = "==";
  } else {
    const std::string_view rest = reader_.rest().substr(0, 3);
    condition->operation = lowerCase(rest);
    bool known = false;
    for (const std::string_view each : {"equ", "neq", "lss", "leq", "gtr", "geq"})
      known = known || reader_.hasWord(each);
    if (!known) refuseHere();
  }
  if (condition->left.empty()) refuseHere();
  if (failed()) return false;
  reader_.step(condition->operation.size());
  condition->right = next();
  if (condition->right.empty()) refuseHere();
  return !failed();
}

NodePointer Parser::parseFor() {
  reader_.takeWord("for");
  auto node = nodeOf(Node::Kind::For);
  if (!parseLoop(&node->loop)) return nullptr;
  reader_.skipDelimiters();
  const std::string_view source = reader_.rest();
  node->quiet = reader_.here() == '@';
  node->body = parseBody();
  if (failed()) return nullptr;
  node->text = source.substr(0, source.size() - reader_.rest().size());
  return node;
}

// [/l | /d | /r [FOLDER] | /f ["OPTIONS"]] %X in (SET) do
bool Parser::parseLoop(Loop* loop) {
  using Kind = Loop::Kind;
  constexpr std::pair<std::string_view, Kind> kSwitches[] = {
      {"/l", Kind::Numbers}, {"/d", Kind::Folders}, {"/r", Kind::Tree}, {"/f", Kind::Lines}};
  reader_.skipDelimiters();
  for (const auto& [name, kind] : kSwitches) {
    if (!reader_.takeWord(name)) continue;
    loop->kind = kind;
    reader_.skipDelimiters();
    const bool options = kind == Kind::Lines || kind == Kind::Tree;
    if (options && reader_.here() != '%') loop->options = reader_.word(false);
    reader_.skipDelimiters();
    break;
  }
  const std::string_view rest = reader_.rest();
  if (rest.size() < 3 || rest[0] != '%' || rest[1] == '%' || !isBlank(rest[2])) {
    refuseHere();
    return false;
  }
  loop->variable = rest[1];
  reader_.step(2);
  reader_.skipDelimiters();
  if (!reader_.takeWord("in")) refuseHere();
  reader_.skipDelimiters();
  if (!failed() && reader_.here() != '(') refuseHere();
  if (failed()) return false;
  reader_.step();
  while (!reader_.ended() && reader_.here() != ')') {
    if (reader_.here() == '"') {
      reader_.keepQuoted(&loop->set);
    } else {
      reader_.keep(&loop->set);
    }
  }
  if (reader_.ended()) {
    unended_ = true;
    refuse();
    return false;
  }
  reader_.step();
  reader_.skipDelimiters();
  if (!reader_.takeWord("do")) refuseHere();
  return !failed();
}

// A remark with text goes to the end of the line, whatever is in it.
NodePointer Parser::parseRemark() {
  auto node = nodeOf(Node::Kind::Command);
  node->text = "rem";
  reader_.step(node->text.size());
  reader_.skipBlanks();
  if (endsPart()) return node;
  while (!reader_.ended() && reader_.here() != '\n') reader_.step();
  return node;
}

NodePointer Parser::parseCommand(NodePointer node) {
  std::string& text = node->text;
  while (!reader_.ended()) {
    const char c = reader_.here();
    if (c == '"') {
      reader_.keepQuoted(&text);
    } else if (c == '>' || c == '<') {
      // A digit that stands alone before it is the stream.
      const std::size_t size = text.size();
      const bool numbered =
          size != 0 && isDigit(text[size - 1]) && (size == 1 || isDelimiter(text[size - 2]));
      const int stream = numbered ? text.back() - '0' : c == '>' ? 1 : 0;
      if (numbered) text.pop_back();
      if (!takeRedirection(node.get(), stream)) return nullptr;
    } else if (endsPart()) {
      break;
    } else {
      reader_.keep(&text);
    }
  }
  return node;
}

// Those that stand here.
bool Parser::takeRedirections(Node* node) {
  for (;;) {
    reader_.skipDelimiters();
    const char c = reader_.here();
    const bool numbered = isDigit(c) && (reader_.after() == '>' || reader_.after() == '<');
    if (!numbered && c != '>' && c != '<') return true;
    if (numbered) reader_.step();
    const int stream = numbered ? c - '0' : c == '>' ? 1 : 0;
    if (!takeRedirection(node, stream)) return false;
  }
}

bool Parser::takeRedirection(Node* node, int stream) {
  Redirection redirection;
  redirection.stream = stream;
  const bool read = reader_.here() == '<';
  reader_.step();
  if (!read && reader_.here() == '>') {
    redirection.kind = Redirection::Kind::Append;
    reader_.step();
  } else if (read) {
    redirection.kind = Redirection::Kind::Read;
  }
  if (reader_.here() == '&' && isDigit(reader_.after())) {
    redirection.kind = Redirection::Kind::Join;
    redirection.joined = reader_.after() - '0';
    reader_.step(2);
  } else {
    reader_.skipDelimiters();
    redirection.file = reader_.word(blocks_ > 0);
    if (redirection.file.empty()) refuseHere();
  }
  node->redirections.push_back(std::move(redirection));
  return !failed();
}

Parsed parse(std::string_view line) { return Parser(line).parse(); }

}  // namespace hc::simulator::cmd
