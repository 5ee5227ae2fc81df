// What a line of cmd is made of, as docs/simulator-cmd.md has its grammar.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hc::simulator::cmd {

struct Redirection {
  enum class Kind : std::uint8_t { Read, Write, Append, Join };
  Kind kind = Kind::Write;
  int stream = 1;
  std::string file;
  int joined = 1;  // the stream that this one goes to as well
};

struct Condition {
  enum class Kind : std::uint8_t { Exist, ErrorLevel, Defined, Extensions, Compare };
  Kind kind = Kind::Compare;
  bool negated = false;
  bool ignoreCase = false;
  std::string left;  // or the only operand
  std::string operation;
  std::string right;
};

struct Loop {
  enum class Kind : std::uint8_t { Items, Folders, Tree, Numbers, Lines };
  Kind kind = Kind::Items;
  char variable = 0;
  std::string options;  // of the lines, or the folder that a tree begins with
  std::string set;
};

struct Node;
using NodePointer = std::unique_ptr<Node>;

struct Node {
  // The four with parts are in the order in which they bind, the weakest first.
  enum class Kind : std::uint8_t { Sequence, OrElse, AndThen, Pipe, Command, Block, If, For };
  Kind kind = Kind::Command;
  std::vector<NodePointer> parts;
  std::vector<Redirection> redirections;
  std::string text;    // of a command; quotes are still in it, carets are not. Of a loop: its body
  bool quiet = false;  // the body of a loop begins with @, and is not echoed
  Condition condition;
  Loop loop;
  NodePointer body;  // of a block, an if or a for
  NodePointer otherwise;
};

struct Parsed {
  NodePointer tree;      // null: nothing but blanks
  std::string error;     // not empty: what cmd says
  bool unended = false;  // a parenthesis waits for its other
};

// Takes time in proportion to the line, and no more stack than a fixed depth needs.
Parsed parse(std::string_view line);

}  // namespace hc::simulator::cmd
