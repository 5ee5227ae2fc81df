#include "frame.h"

#include <string_view>
#include <utility>

#include "../abi/hcs.h"
#include "channel.h"

namespace hc::remote {
namespace {

enum class StreamKind : std::uint8_t { None, Invalid, Beside };

}  // namespace

Frame::~Frame() {
  for (void* stream : streams_)
    if (stream != nullptr) closeStream(stream);
}

void Frame::putText(const char16_t* text) {
  put(text != nullptr);
  if (text == nullptr) return;
  const std::u16string_view whole(text);
  put(static_cast<std::uint32_t>(whole.size()));
  bytes_.append(reinterpret_cast<const char*>(whole.data()), whole.size() * sizeof(char16_t));
}

void Frame::putStream(void* stream) {
  if (stream == nullptr) {
    put(StreamKind::None);
  } else if (stream == kInvalidStream) {
    put(StreamKind::Invalid);
  } else {
    put(StreamKind::Beside);
    streams_.push_back(stream);
  }
}

void Frame::putLostStream() { put(StreamKind::Beside); }

const char* Frame::next(std::size_t size) {
  if (bad_ || bytes_.size() - at_ < size) {
    bad_ = true;
    return nullptr;
  }
  const char* here = bytes_.data() + at_;
  at_ += size;
  return here;
}

std::optional<std::u16string> Frame::takeText() {
  if (take<std::uint8_t>() == 0) return std::nullopt;
  const auto length = take<std::uint32_t>();
  const char* bytes = next(std::size_t{length} * sizeof(char16_t));
  if (bytes == nullptr) return std::nullopt;
  std::u16string text(length, u'\0');
  if (length != 0) std::memcpy(text.data(), bytes, text.size() * sizeof(char16_t));
  return text;
}

void* Frame::takeStream() {
  switch (take<StreamKind>()) {
    case StreamKind::None:
      return nullptr;
    case StreamKind::Invalid:
      return kInvalidStream;
    case StreamKind::Beside:
      break;
  }
  if (taken_ >= streams_.size()) {
    lacksStreams_ = true;
    return nullptr;
  }
  return std::exchange(streams_[taken_++], nullptr);
}

}  // namespace hc::remote
