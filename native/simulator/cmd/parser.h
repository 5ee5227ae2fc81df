// The grammar of cmd by recursive descent. A part of it that fails has set the error.
#pragma once

#include <string>
#include <string_view>

#include "reader.h"
#include "syntax.h"

namespace hc::simulator::cmd {

class Parser {
 public:
  explicit Parser(std::string_view line) : reader_(line) {}
  Parsed parse();

 private:
  NodePointer parseParts(Node::Kind kind, bool oneLine);
  NodePointer parseNext(Node::Kind kind, bool oneLine);
  bool takeJoiner(Node::Kind kind, bool oneLine);
  NodePointer parsePart();
  NodePointer parseBlock();
  NodePointer parseIf();
  bool parseCondition(Condition* condition);
  NodePointer parseFor();
  bool parseLoop(Loop* loop);
  NodePointer parseBody();
  NodePointer parseCommand(NodePointer node);
  NodePointer parseRemark();
  bool takeRedirections(Node* node);
  bool takeRedirection(Node* node, int stream);
  bool endsPart() const;

  NodePointer refuse();
  NodePointer refuseHere();
  bool failed() const { return !error_.empty(); }

  Reader reader_;
  std::string error_;
  bool unended_ = false;
  bool afterBlock_ = false;  // the last part was one in parentheses, so that an `else` may follow
  int blocks_ = 0;           // open parentheses
  int depth_ = 0;
};

}  // namespace hc::simulator::cmd
