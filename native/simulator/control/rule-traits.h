// What the function of a rule can be asked for. A rule that asks for more is refused: it would do
// nothing and look as if it did.
#pragma once

#include "control.h"

namespace hc::simulator {

// Checks the members of Inject against its function, and gives the index of that.
Refusal checkRule(const json::Value& rule, std::size_t* function);

}  // namespace hc::simulator
