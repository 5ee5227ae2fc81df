// Policies: pairs of a type and settings, kept as they came, with their types checked. What changes
// them is the same for networks and endpoints.
#pragma once

#include <optional>

#include "../ports/published-ports.h"
#include "document.h"

namespace hc::simulator::network {

enum class RequestType : std::uint8_t { Add, Remove, Update, Refresh, Reset };

// Of a modify request. Null: it is none of them.
std::optional<RequestType> requestType(const Value& request);

// The name of a type, of an endpoint's policies by its number too. Empty: there is no such type.
Name policyType(const Value& policy, bool network);

// Add appends, Update replaces all, Remove takes away what has the same type, and the same settings
// where it has any. False: there was nothing to take away.
bool changePolicies(RequestType change, const Value& given, Value* policies);

// Whether two settings are the same, whatever the order and the case of their keys.
bool sameValue(const Value& one, const Value& other);

// Of the settings of a PortMapping. It is on IPv6 by its flag, or by its VIP.
PortMapping mappingOf(const Value& settings);

// Takes the settings of each policy to those beside its type, as the first schema has them, and
// back.
Value policiesToFirst(const Value& policies);
Value policiesFromFirst(const Value& policies);

}  // namespace hc::simulator::network
