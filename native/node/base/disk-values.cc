// How the values of virtual disks look in JavaScript: shape::DiskCreation and those beside it.
#include <iterator>

#include "values.h"

namespace hc::node {

bool read(napi_env env, napi_value value, const char* name, DiskCreation::InSlot& slot) {
  napi_value members[6] = {};
  for (std::uint32_t i = 0; i < std::size(members); ++i) {
    if (napi_get_element(env, value, i, &members[i]) != napi_ok)
      return refuse(env, std::string(name) + " must be an array");
  }
  CreateDiskParameters& parameters = slot.parameters;
  parameters.version = kParametersVersion;
  return read(env, members[0], name, parameters.maximumSize) &&
         read(env, members[1], name, parameters.blockSize) &&
         read(env, members[2], name, parameters.sectorSize) &&
         read(env, members[3], name, parameters.physicalSectorSize) &&
         readText(env, members[4], name, slot.parent) &&
         read(env, members[5], name, parameters.openFlags);
}

bool read(napi_env env, napi_value value, const char* name, OpenDiskParameters& slot) {
  double readOnly = 0;
  if (!readInteger(env, value, name, 0, 1, readOnly)) return false;
  slot.version = kParametersVersion;
  slot.readOnly = readOnly != 0 ? 1 : 0;
  return true;
}

bool read(napi_env env, napi_value value, const char* name, SetDiskInformation& slot) {
  slot.version = DiskChange::VirtualDiskId;
  return read(env, value, name, slot.guid);
}

napi_value write(napi_env env, const std::optional<DiskInformation::Facts>& facts) {
  if (!facts) return makeText(env, {});
  const auto number = [&](auto value) { return makeNumber(env, static_cast<double>(value)); };
  const napi_value members[] = {
      number(facts->sizes.virtualSize),  number(facts->sizes.physicalSize),
      number(facts->sizes.blockSize),    number(facts->sizes.sectorSize),
      number(facts->physicalSectorSize), number(facts->subtype),
      number(facts->loaded ? 1 : 0),     makeGuid(env, facts->id),
      makeText(env, facts->parent)};
  napi_value array = nullptr;
  napi_create_array_with_length(env, std::size(members), &array);
  for (std::uint32_t i = 0; i < std::size(members); ++i)
    napi_set_element(env, array, i, members[i]);
  return array;
}

}  // namespace hc::node
