// HcSimulatorControl: the one function by which tests control the host. docs/simulator.md describes
// the requests. Any thread, without a lock of the host; each command is a function of its own.
#pragma once

#include <optional>
#include <string>

#include "../base/json.h"
#include "../base/outcome.h"
#include "../faults/fault-rules.h"
#include "../faults/settings.h"

namespace hc::simulator {

// The answer, whether or not the request was understood; *understood says which.
std::u16string control(const char16_t* request, bool* understood);

// The commands. Each checks its arguments, acts, and writes its answer, or gives the text of what
// is wrong.
using Complaint = std::optional<std::u16string>;
Complaint configureCommand(const json::Value& arguments, json::Writer& writer);
Complaint injectCommand(const json::Value& arguments, json::Writer& writer);
Complaint clearCommand(const json::Value& arguments, json::Writer& writer);
Complaint releaseCommand(const json::Value& arguments, json::Writer& writer);
Complaint notifyCommand(const json::Value& arguments, json::Writer& writer);
Complaint exitCommand(const json::Value& arguments, json::Writer& writer);
Complaint disconnectCommand(const json::Value& arguments, json::Writer& writer);
Complaint stateCommand(const json::Value& arguments, json::Writer& writer);
Complaint awaitCommand(const json::Value& arguments, json::Writer& writer);
Complaint advanceCommand(const json::Value& arguments, json::Writer& writer);
Complaint profilesCommand(const json::Value& arguments, json::Writer& writer);
Complaint traceCommand(const json::Value& arguments, json::Writer& writer);
Complaint drainCommand(const json::Value& arguments, json::Writer& writer);

// Configure's member Profile.
Complaint readProfile(const json::Value& profile, Settings* settings);
void writeLatency(json::Writer& writer, const Latency& latency);

void writeState(json::Writer& writer);

// A status as a number, signed or not, or as text, "0xC0370105". Null: neither.
std::optional<HResult> statusOf(const json::Value& value);
// Milliseconds, fractions allowed, from 0 to a day. Null: something else.
std::optional<double> millisecondsOf(const json::Value& value);

}  // namespace hc::simulator
