// What the single values of a document may be: numbers and their widths, GUIDs, times, words.
#pragma once

#include <string>

#include "shape.h"

namespace hc::simulator {

bool hasKind(const json::Value& value, const Member& member);
// Whether the text is in the list of words of the member.
bool isKnownWord(const json::Value& value, const Member& member);
// "an integer from 0 to 255": what a value that has not the kind should be.
std::u16string wanted(const Member& member);

}  // namespace hc::simulator
