#include "served-values.h"

#include "../../core/stream.h"
#include "../base/descriptors.h"

namespace hc::node {

using remote::Frame;

namespace {

napi_value makeObject(napi_env env) {
  napi_value object = nullptr;
  napi_create_object(env, &object);
  return object;
}

// The first elements of an array; what it lacks is undefined.
template <std::size_t Count>
bool elementsOf(napi_env env, napi_value value, const char* name, napi_value (&elements)[Count]) {
  for (std::uint32_t i = 0; i < Count; ++i) {
    if (napi_get_element(env, value, i, &elements[i]) != napi_ok)
      return refuse(env, std::string(name) + " must be an array or null");
  }
  return true;
}

bool readPortEntry(napi_env env, napi_value value, const char* name, PortRangeEntry& entry) {
  napi_value members[9] = {};
  return elementsOf(env, value, name, members) &&
         read(env, members[0], name, entry.owningPartitionId) &&
         read(env, members[1], name, entry.targetPartitionId) &&
         read(env, members[2], name, entry.protocol) &&
         read(env, members[3], name, entry.priority) &&
         read(env, members[4], name, entry.reservationType) &&
         read(env, members[5], name, entry.sharingFlags) &&
         read(env, members[6], name, entry.deliveryMode) &&
         read(env, members[7], name, entry.startingPort) &&
         read(env, members[8], name, entry.endingPort);
}

// A copy of a descriptor, or none.
bool putStream(napi_env env, napi_value value, const char* name, Frame& frame) {
  std::int32_t descriptor = -1;
  if (!isNull(env, value) && !read(env, value, name, descriptor)) return false;
  if (descriptor < 0) {
    frame.putStream(nullptr);
    return true;
  }
  Stream copy = duplicateStream(streamOf(descriptor));
  if (copy.absent()) {
    frame.putLostStream();
  } else {
    frame.putStream(copy.take());
  }
  return true;
}

}  // namespace

napi_value give(napi_env env, const shape::Driver::InSlot& driver) {
  napi_value object = makeObject(env);
  napi_set_named_property(env, object, "flavour", give(env, driver.flavour));
  napi_set_named_property(env, object, "homeDir", makeText(env, driver.homeDir));
  return object;
}

napi_value give(napi_env env, const shape::Layers::InSlot& slot) {
  napi_value array = nullptr;
  napi_create_array(env, &array);
  std::uint32_t next = 0;
  for (const auto& layer : slot.layers) {
    napi_value object = makeObject(env);
    napi_set_named_property(env, object, "id", makeGuid(env, layer.id));
    napi_set_named_property(env, object, "flags", give(env, layer.flags));
    napi_set_named_property(env, object, "path", makeText(env, layer.path));
    napi_set_element(env, array, next++, object);
  }
  return array;
}

napi_value give(napi_env env, const shape::DiskCreation::InSlot& slot) {
  const CreateDiskParameters& parameters = slot.parameters;
  const napi_value members[] = {
      give(env, parameters.maximumSize), give(env, parameters.blockSize),
      give(env, parameters.sectorSize),  give(env, parameters.physicalSectorSize),
      makeText(env, slot.parent),        give(env, parameters.openFlags)};
  napi_value array = nullptr;
  napi_create_array(env, &array);
  std::uint32_t next = 0;
  for (const napi_value member : members) napi_set_element(env, array, next++, member);
  return array;
}
napi_value give(napi_env env, const DiskTypeData& type) { return give(env, type.deviceId); }
napi_value give(napi_env env, const OpenDiskParameters& parameters) {
  return give(env, parameters.readOnly);
}
napi_value give(napi_env env, const SetDiskInformation& setting) {
  return makeGuid(env, setting.guid);
}

bool isNull(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  return type == napi_undefined || type == napi_null;
}

bool put(napi_env env, napi_value value, const char* name, Frame& frame, char16_t*) {
  OptionalText text;
  if (!readText(env, value, name, text)) return false;
  frame.putText(text ? text->c_str() : nullptr);
  return true;
}

bool put(napi_env env, napi_value value, const char* name, Frame& frame, const GuidData&) {
  GuidData guid{};
  if (!isNull(env, value) && !read(env, value, name, guid)) return false;
  frame.put(guid);
  return true;
}

bool put(napi_env env, napi_value value, const char* name, Frame& frame, const PortRangeData&) {
  PortRangeData range{};
  napi_value ends[2] = {};
  if (!isNull(env, value) &&
      !(elementsOf(env, value, name, ends) && read(env, ends[0], name, range.startingPort) &&
        read(env, ends[1], name, range.endingPort))) {
    return false;
  }
  frame.put(range);
  return true;
}

bool put(napi_env env, napi_value value, const char* name, Frame& frame,
         const shape::PortEntries::OutSlot&) {
  std::uint32_t count = 0;
  if (!isNull(env, value) && napi_get_array_length(env, value, &count) != napi_ok)
    return refuse(env, std::string(name) + " must be an array or null");
  frame.put(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    napi_value one = nullptr;
    PortRangeEntry entry{};
    napi_get_element(env, value, i, &one);
    if (!readPortEntry(env, one, name, entry)) return false;
    frame.put(entry);
  }
  return true;
}

bool put(napi_env env, napi_value value, const char* name, Frame& frame,
         const shape::SizedText::Buffer& wish) {
  OptionalText text;
  if (!readText(env, value, name, text)) return false;
  const std::size_t length = text ? text->size() + 1 : 0;
  frame.put(std::uint64_t{length});
  frame.putText(text && length <= wish.memory.size() ? text->c_str() : nullptr);
  return true;
}

bool put(napi_env env, napi_value value, const char* name, Frame& frame,
         const shape::DiskPath::OutSlot& wish) {
  OptionalText text;
  if (!readText(env, value, name, text)) return false;
  const auto bytes = static_cast<std::uint32_t>(text ? (text->size() + 1) * sizeof(char16_t) : 0);
  frame.put(bytes);
  frame.putText(text && bytes <= wish.bytes ? text->c_str() : nullptr);
  return true;
}

// No host that JavaScript answers for has disks.
bool put(napi_env env, napi_value value, const char* name, Frame& frame,
         const shape::DiskInformation::OutSlot&) {
  if (!isNull(env, value)) return refuse(env, std::string(name) + " must be null");
  for (int i = 0; i < 3; ++i) frame.put(std::uint32_t{0});
  return true;
}

bool put(napi_env env, napi_value value, const char* name, Frame& frame,
         const ProcessInformation&) {
  napi_value parts[4] = {};
  if (isNull(env, value)) {
    for (napi_value& part : parts) part = value;
  } else if (!elementsOf(env, value, name, parts)) {
    return false;
  }
  if (!putNumber<std::uint32_t>(env, parts[0], name, frame)) return false;
  frame.put(std::uint32_t{0});
  return putStream(env, parts[1], name, frame) && putStream(env, parts[2], name, frame) &&
         putStream(env, parts[3], name, frame);
}

}  // namespace hc::node
