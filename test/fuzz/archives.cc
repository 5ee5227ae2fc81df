// A tar in pieces: what is read of it may not depend on where one piece ends and the next begins.
// The first two bytes say how long pieces are, and whether the sums of headers are put right, so
// that what is changed in a header is looked at; the rest is the archive.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "../../native/archive/unpack/tar-parser.h"
#include "input.h"

namespace {

using namespace hc::archive;  // NOLINT(google-build-using-namespace)
using hc::test::Input;
using hc::test::require;

constexpr std::size_t kNameAt = 257, kSumAt = 148, kSumBytes = 8;

void putSumsRight(std::string& archive) {
  for (std::size_t at = 0; at + kBlockSize <= archive.size(); at += kBlockSize) {
    if (archive.compare(at + kNameAt, 5, "ustar") != 0) continue;
    archive.replace(at + kSumAt, kSumBytes, kSumBytes, ' ');
    unsigned sum = 0;
    for (std::size_t i = 0; i < kBlockSize; ++i) sum += static_cast<unsigned char>(archive[at + i]);
    char text[kSumBytes];
    std::snprintf(text, sizeof text, "%06o", sum);
    archive.replace(at + kSumAt, kSumBytes - 1, text, kSumBytes - 1);
  }
}

// What the parser says, as one text.
class Account final : public TarParser::Listener {
 public:
  std::string text;

  void onEntry(Entry entry) override {
    require(!over_, "nothing comes after a problem");
    finishContent();
    require(entry.size >= 0, "a size is none below zero");
    left_ = entry.fault.problem == Problem::none ? entry.size : 0;
    over_ = entry.fault.problem != Problem::none;
    put("entry", entry.name, entry.linkName, std::string(1, entry.type));
    put("numbers", std::to_string(entry.size), std::to_string(entry.time));
    put("fault", std::to_string(static_cast<int>(entry.fault.problem)),
        std::to_string(entry.fault.at));
    // Its views are not to be used any more: the entry has moved, as it does for whoever plans.
    require(entry.descriptorAt + std::uint64_t{entry.descriptorSize} <= entry.raw.size(),
            "a descriptor is in the header that it came with");
    put("raw", entry.raw, std::to_string(entry.records.has),
        entry.raw.substr(entry.descriptorAt, entry.descriptorSize));
  }
  void onContent(Slice slice) override {
    require(!over_, "no content comes after a problem");
    require(slice.size > 0 && slice.size <= left_, "an entry has no more content than it says");
    left_ -= slice.size;
    content_.append(reinterpret_cast<const char*>(slice.data()), slice.size);
  }
  void onGlobalHeader(std::string raw) override {
    require(!over_, "no header comes after a problem");
    finishContent();
    put("global", raw);
  }
  void onProblem(Problem problem) override {
    require(!over_, "one problem is the last");
    over_ = true;
    finishContent();
    put("problem", std::to_string(static_cast<int>(problem)));
  }
  void end() {
    if (!over_) require(left_ == 0, "what has no problem is whole");
    finishContent();
  }

 private:
  template <class... Texts>
  void put(const Texts&... texts) {
    ((text += texts, text += '\n'), ...);
  }
  void finishContent() {
    if (content_.empty()) return;
    put("content", content_);
    content_.clear();
  }

  double left_ = 0;
  bool over_ = false;
  std::string content_;
};

std::string accountOf(const std::shared_ptr<const Slab>& slab, std::size_t size,
                      std::size_t piece) {
  Account account;
  TarParser parser(account);
  for (std::size_t at = 0; at < size; at += piece) {
    const std::size_t length = std::min(piece, size - at);
    parser.take({slab, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(length)});
  }
  parser.end();
  account.end();
  return std::move(account.text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<Slab>& slab = *new std::shared_ptr<Slab>(std::make_shared<Slab>());
  Input input(data, size);
  const std::size_t piece = std::size_t{input.byte()} * 5 + 1;
  const bool sums = (input.byte() & 1) != 0;
  std::string archive(reinterpret_cast<const char*>(data + std::min<std::size_t>(size, 2)),
                      size - std::min<std::size_t>(size, 2));
  archive.resize(std::min(archive.size(), kSlabSize));
  if (sums) putSumsRight(archive);
  std::memcpy(slab->bytes, archive.data(), archive.size());
  const std::string whole = accountOf(slab, archive.size(), kSlabSize);
  require(accountOf(slab, archive.size(), piece) == whole, "pieces change nothing");
  return 0;
}
