// GUIDs that follow from names.
#pragma once

#include <string>
#include <string_view>

#include "../../abi/hcs.h"

namespace hc::simulator {

// What NameToGuid answers. The algorithm of Windows is not published: names whose answer has been
// seen on Windows get that, any other name gets a GUID of version 5 in a namespace of our own.
GuidData nameToGuid(std::u16string_view name);

// "9a520dd8-e003-5ac9-aafa-90282d69bead".
std::u16string guidText(const GuidData& guid);

}  // namespace hc::simulator
