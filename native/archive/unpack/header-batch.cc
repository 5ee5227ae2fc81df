#include "header-batch.h"

#include <cstring>

namespace hc::archive {

struct HeaderBatch::Record {
  std::uint8_t kind;
  std::uint8_t type;
  std::uint16_t problem;
  std::uint32_t problemAt;
  std::uint32_t name, nameSize;
  std::uint32_t link, linkSize;
  std::uint32_t raw, rawSize;
  std::uint32_t descriptor, descriptorSize;  // no size: that of the entry before
  std::uint32_t has;
  std::uint32_t attributes;
  double size;
  double time;
  std::int64_t times[kTimes];
};

std::size_t HeaderBatch::sizeOf(const Header& header) {
  const Entry& entry = header.entry;
  return sizeof(Record) + entry.name.size() + entry.linkName.size() + 2 * entry.raw.size();
}

std::uint32_t HeaderBatch::put(const char* text, std::size_t size) {
  end_ -= size;
  std::memcpy(bytes_ + end_, text, size);
  return static_cast<std::uint32_t>(end_);
}

bool HeaderBatch::add(const Header& header) {
  static_assert(sizeof(Record) == 96);
  if (count_ * sizeof(Record) + sizeOf(header) > end_) return false;
  const Entry& entry = header.entry;
  Record record{};
  record.kind = static_cast<std::uint8_t>(header.kind);
  record.type = static_cast<std::uint8_t>(entry.type);
  record.problem = static_cast<std::uint16_t>(entry.fault.problem);
  record.problemAt = entry.fault.at;
  record.name = put(entry.name.data(), entry.name.size());
  record.nameSize = static_cast<std::uint32_t>(entry.name.size());
  record.link = put(entry.linkName.data(), entry.linkName.size());
  record.linkSize = static_cast<std::uint32_t>(entry.linkName.size());
  record.has = entry.records.has;
  if (header.kind == Header::Kind::global) memory_.global = true;
  const bool whole = memory_.global || (entry.records.has & Records::kHasOther) != 0;
  if (whole) {
    record.raw = put(entry.raw.data(), entry.raw.size());
    record.rawSize = static_cast<std::uint32_t>(entry.raw.size());
  }
  const char* const descriptor = entry.raw.data() + entry.descriptorAt;
  std::string& last = memory_.descriptor;
  const bool same = last.size() == entry.descriptorSize &&
                    std::memcmp(last.data(), descriptor, entry.descriptorSize) == 0;
  if (entry.descriptorSize > 0 && !same) {
    record.descriptor = put(descriptor, entry.descriptorSize);
    record.descriptorSize = entry.descriptorSize;
    last.assign(descriptor, entry.descriptorSize);
  }
  record.attributes = entry.records.attributes;
  record.size = entry.size;
  record.time = static_cast<double>(entry.time);
  std::memcpy(record.times, entry.records.times.data(), sizeof record.times);
  std::memcpy(bytes_ + count_ * sizeof(Record), &record, sizeof record);
  ++count_;
  return true;
}

}  // namespace hc::archive
