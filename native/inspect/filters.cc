// The file system filters, minifilters and older ones, as the filter manager has them.
#include <algorithm>
#include <cstring>
#include <vector>

#include "windows-calls.h"

namespace hc::inspect {

namespace {

constexpr std::size_t kMostFilters = 1024;
constexpr std::size_t kEntryRoom = 4096;  // for one
constexpr int kStandard = 2;              // FilterAggregateStandardInformation
constexpr HRESULT kNoMore = static_cast<HRESULT>(0x80070103);
constexpr DWORD kIsMinifilter = 1;

using FindFirst = HRESULT(WINAPI*)(int, void*, DWORD, DWORD*, HANDLE*);
using FindNext = HRESULT(WINAPI*)(HANDLE, int, void*, DWORD, DWORD*);
using FindClose = HRESULT(WINAPI*)(HANDLE);

struct Search {
  ~Search() {
    if (handle != nullptr) close(handle);
  }
  FindClose close;
  HANDLE handle = nullptr;
};

// Where a text of FILTER_AGGREGATE_STANDARD_INFORMATION is, from the beginning of that.
struct Text {
  std::uint16_t bytes;
  std::uint16_t offset;
};

// Its beginning. Two texts follow, name and altitude: at 20 for a minifilter, at 12 for another.
struct Head {
  DWORD next;
  DWORD flags;
};

class Entry {
 public:
  Entry(const BYTE* bytes, std::size_t size) : bytes_(bytes), size_(size) {}

  bool readHead(Head& head) const { return copy(0, &head, sizeof head); }
  std::u16string text(const Head& head, std::size_t which) const {
    const std::size_t texts = (head.flags & kIsMinifilter) != 0 ? 20 : 12;
    Text place{};
    if (!copy(texts + which * sizeof place, &place, sizeof place)) return {};
    std::u16string text(place.bytes / sizeof(char16_t), u'\0');
    return copy(place.offset, text.data(), text.size() * sizeof(char16_t)) ? text
                                                                           : std::u16string();
  }

 private:
  bool copy(std::size_t from, void* to, std::size_t count) const {
    if (from > size_ || count > size_ - from) return false;
    std::memcpy(to, bytes_ + from, count);
    return true;
  }

  const BYTE* bytes_;
  std::size_t size_;
};

// What one call has brought.
void write(const BYTE* bytes, std::size_t size, std::size_t& count, Json& json) {
  for (;;) {
    const Entry entry(bytes, size);
    Head head{};
    if (count == kMostFilters || !entry.readHead(head)) return;
    const std::u16string name = entry.text(head, 0);
    json.beginObject().key("name").text(name);
    json.key("altitude").text(entry.text(head, 1)).endObject();
    ++count;
    if (head.next == 0 || head.next >= size) return;
    bytes += head.next;
    size -= head.next;
  }
}

}  // namespace

Failure filters(Json& json) {
  const auto findFirst = systemFunction<FindFirst>(u"fltlib.dll", "FilterFindFirst");
  const auto findNext = systemFunction<FindNext>(u"fltlib.dll", "FilterFindNext");
  const auto findClose = systemFunction<FindClose>(u"fltlib.dll", "FilterFindClose");
  if (findFirst == nullptr || findNext == nullptr || findClose == nullptr)
    return lastError("FilterFindFirst");
  std::vector<std::uint64_t> room(kEntryRoom / sizeof(std::uint64_t));
  const auto* bytes = reinterpret_cast<const BYTE*>(room.data());
  Search search{findClose};
  DWORD got = 0;
  std::size_t count = 0;
  Json list;
  list.beginArray();
  const char* call = "FilterFindFirst";
  HRESULT result = findFirst(kStandard, room.data(), kEntryRoom, &got, &search.handle);
  while (result >= 0 && count < kMostFilters) {
    write(bytes, std::min<std::size_t>(got, kEntryRoom), count, list);
    call = "FilterFindNext";
    result = findNext(search.handle, kStandard, room.data(), kEntryRoom, &got);
  }
  if (result < 0 && result != kNoMore) return {call, static_cast<std::uint32_t>(result)};
  json.value(list.endArray());
  return {};
}

}  // namespace hc::inspect
