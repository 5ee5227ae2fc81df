#include "tar-parser.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace hc::archive {

namespace {

constexpr std::uint32_t kLargestExtended = 4 * 1024 * 1024;

std::uint32_t paddingOf(double size) {
  const auto over = static_cast<std::uint32_t>(std::fmod(size, kBlockSize));
  return over == 0 ? 0 : static_cast<std::uint32_t>(kBlockSize) - over;
}

// A name of GNU ends at its first zero.
std::string untilZero(const std::string& text) { return text.c_str(); }

bool isExtended(char type) {
  return type == 'x' || type == 'g' || type == 'L' || type == 'K' || type == 'N';
}

}  // namespace

void TarParser::take(const Slice& slice) {
  const std::uint8_t* const bytes = slice.data();
  for (std::uint32_t at = 0; at < slice.size && state_ != State::over;) {
    const std::uint32_t available = slice.size - at;
    if (state_ == State::content || state_ == State::padding) {
      const auto length = static_cast<std::uint32_t>(std::min<std::uint64_t>(available, missing_));
      if (state_ == State::content) listener_.onContent({slice.slab, slice.begin + at, length});
      at += length;
      missing_ -= length;
      if (missing_ > 0) continue;
      const bool padded = state_ == State::content && padding_ > 0;
      state_ = padded ? State::padding : State::header;
      missing_ = padded ? padding_ : kBlockSize;
    } else if (state_ == State::header && collected_.empty() && available >= kBlockSize) {
      onBlock(bytes + at);
      at += kBlockSize;
    } else {
      at += collect(bytes + at, available);
    }
  }
}

std::uint32_t TarParser::collect(const std::uint8_t* bytes, std::uint32_t available) {
  const auto length = static_cast<std::uint32_t>(std::min<std::uint64_t>(available, missing_));
  collected_.append(reinterpret_cast<const char*>(bytes), length);
  missing_ -= length;
  if (missing_ > 0) return length;
  if (state_ == State::extended) {
    collected_.resize(extendedSize_);
    state_ = State::header;
    missing_ = kBlockSize;
    onExtended();
    collected_.clear();
  } else {
    missing_ = kBlockSize;
    const std::string block = std::exchange(collected_, {});
    onBlock(reinterpret_cast<const std::uint8_t*>(block.data()));
  }
  return length;
}

void TarParser::onBlock(const std::uint8_t* block) {
  TarHeader header;
  switch (readTarHeader(block, header)) {
    case Block::zeros:
      ++zeroBlocks_;
      return;
    case Block::damaged:
      return finishWith(entries_ == 0 ? Problem::notTar : Problem::damagedHeader);
    case Block::header:
      break;
  }
  if (isExtended(header.type)) return beginExtended(header);
  beginEntry(header);
}

void TarParser::beginExtended(const TarHeader& header) {
  const double size = header.size.value_or(kLargestExtended + 1.0);
  if (size > kLargestExtended) return finishWith(Problem::extendedTooLarge);
  extendedType_ = header.type;
  extendedSize_ = static_cast<std::uint32_t>(size);
  if (extendedSize_ == 0) {
    next_.fault = {Problem::emptyExtended, 0};
    return;
  }
  state_ = State::extended;
  missing_ = extendedSize_ + paddingOf(size);
}

void TarParser::onExtended() {
  switch (extendedType_) {
    case 'x':
      return takePax();
    case 'g':
      return takeGlobal();
    case 'K':
      longLink_ = untilZero(collected_);
      return;
    default:
      longName_ = untilZero(collected_);
  }
}

// The second of two replaces the first.
void TarParser::takePax() {
  const Fault before = next_.fault;
  next_.records = {};
  next_.raw = collected_;
  next_.fault = readRecords(next_.raw, next_.records);
  hasExtended_ = true;
  if (before.problem != Problem::none) next_.fault = before;
}

void TarParser::takeGlobal() {
  Records records;
  const Fault fault = readRecords(collected_, records);
  if (fault.problem != Problem::none) {
    next_.fault = fault;
  } else if (zeroBlocks_ > 0) {
    next_.fault = {Problem::afterEnd, 0};
  } else if (records.size) {
    next_.fault = {Problem::globalSize, 0};
  } else if (records.path) {
    next_.fault = {Problem::globalPath, 0};
  } else if (records.linkPath) {
    next_.fault = {Problem::globalLink, 0};
  } else {
    listener_.onGlobalHeader(collected_);
  }
}

void TarParser::beginEntry(TarHeader& header) {
  Entry& entry = next_;
  const Records& records = entry.records;
  entry.name = longName_.empty() ? std::move(header.name) : std::exchange(longName_, {});
  entry.linkName = longLink_.empty() ? std::move(header.linkName) : std::exchange(longLink_, {});
  if (hasExtended_) {
    if (records.path && !records.path->empty()) entry.name = *records.path;
    if (records.linkPath && !records.linkPath->empty()) entry.linkName = *records.linkPath;
    entry.descriptorSize = static_cast<std::uint32_t>(records.descriptor.size());
    if (entry.descriptorSize > 0) {
      entry.descriptorAt = static_cast<std::uint32_t>(records.descriptor.data() - entry.raw.data());
    }
  }
  hasExtended_ = false;
  entry.type = header.type;
  entry.size = records.size.value_or(header.size.value_or(0));
  entry.time = header.time.value_or(0);
  if (entry.fault.problem == Problem::none) {
    if (zeroBlocks_ > 0) {
      entry.fault = {Problem::afterEnd, 0};
    } else if (!header.size) {
      entry.fault = {Problem::size, 0};
    } else if (!header.time) {
      entry.fault = {Problem::time, 0};
    }
  }
  ++entries_;
  const double size = entry.size;
  const bool faulty = entry.fault.problem != Problem::none;
  // Before this its records are views of where it is.
  listener_.onEntry(std::exchange(next_, {}));
  if (faulty) {
    state_ = State::over;
  } else if (size > 0) {
    padding_ = paddingOf(size);
    missing_ = static_cast<std::uint64_t>(size);
    state_ = State::content;
  }
}

void TarParser::end() {
  if (state_ == State::over) return;
  const bool between = state_ == State::header && collected_.empty();
  if (!between) return finishWith(Problem::cutInside);
  if (zeroBlocks_ < 2) return finishWith(Problem::noEnd);
  const bool alone = hasExtended_ || !longName_.empty() || !longLink_.empty();
  if (alone || next_.fault.problem != Problem::none) finishWith(Problem::extendedAlone);
}

void TarParser::finishWith(Problem problem) {
  state_ = State::over;
  listener_.onProblem(problem);
}

}  // namespace hc::archive
