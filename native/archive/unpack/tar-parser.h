// Takes a tar apart as it comes: entries, and the content of each. Formats only: what may be in a
// layer is decided elsewhere.
#pragma once

#include <cstdint>
#include <string>

#include "pax.h"
#include "slab.h"
#include "tar-header.h"

namespace hc::archive {

struct Entry {
  std::string name;  // bytes of the archive
  std::string linkName;
  char type = '0';
  double size = 0;
  std::int64_t time = 0;           // of the plain header, seconds since 1970
  std::string raw;                 // the extended header
  Records records;                 // its views are into `raw` as it was: none is used after a move
  std::uint32_t descriptorAt = 0;  // in `raw`
  std::uint32_t descriptorSize = 0;
  Fault fault;  // nothing comes after an entry that has one
};

class TarParser {
 public:
  class Listener {
   public:
    virtual void onEntry(Entry entry) = 0;  // its content follows, `entry.size` bytes
    virtual void onContent(Slice slice) = 0;
    virtual void onGlobalHeader(std::string raw) = 0;
    virtual void onProblem(Problem problem) = 0;  // nothing comes after it

   protected:
    ~Listener() = default;
  };

  explicit TarParser(Listener& listener) : listener_(listener) {}

  void take(const Slice& slice);
  // No more comes.
  void end();

 private:
  enum class State { header, extended, content, padding, over };

  std::uint32_t collect(const std::uint8_t* bytes, std::uint32_t available);
  void onBlock(const std::uint8_t* block);
  void beginEntry(TarHeader& header);
  void beginExtended(const TarHeader& header);
  void onExtended();
  void takePax();
  void takeGlobal();
  void finishWith(Problem problem);

  Listener& listener_;
  State state_ = State::header;
  std::string collected_;               // of a block or an extended header that is not complete
  std::uint64_t missing_ = kBlockSize;  // of what is collected, or of content
  std::uint32_t padding_ = 0;
  char extendedType_ = 0;
  std::uint32_t extendedSize_ = 0;
  // What waits for the next entry.
  Entry next_;
  std::string longName_;
  std::string longLink_;
  bool hasExtended_ = false;
  std::uint64_t entries_ = 0;
  std::uint32_t zeroBlocks_ = 0;
};

}  // namespace hc::archive
