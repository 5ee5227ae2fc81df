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

// Serves this host at the path of a socket: to processes that the Serve command is for. What is
// wrong, or nothing. The control does not know how; who exports it passes the function.
using ServeFunction = std::optional<std::string> (*)(std::string* path);

// The answer, whether or not the request was understood; *understood says which.
std::u16string control(const char16_t* request, ServeFunction serve, bool* understood);

// The commands. Each checks its arguments, acts, and writes its answer, or gives the text of what
// is wrong.
using Refusal = std::optional<std::u16string>;
Refusal configureCommand(const json::Value& arguments, json::Writer& writer);
Refusal injectCommand(const json::Value& arguments, json::Writer& writer);
Refusal clearCommand(const json::Value& arguments, json::Writer& writer);
Refusal releaseCommand(const json::Value& arguments, json::Writer& writer);
Refusal notifyCommand(const json::Value& arguments, json::Writer& writer);
Refusal exitCommand(const json::Value& arguments, json::Writer& writer);
Refusal disconnectCommand(const json::Value& arguments, json::Writer& writer);
Refusal stateCommand(const json::Value& arguments, json::Writer& writer);
Refusal awaitCommand(const json::Value& arguments, json::Writer& writer);
Refusal advanceCommand(const json::Value& arguments, json::Writer& writer);
Refusal profilesCommand(const json::Value& arguments, json::Writer& writer);
Refusal traceCommand(const json::Value& arguments, json::Writer& writer);
Refusal drainCommand(const json::Value& arguments, json::Writer& writer);

// Configure's member Profile.
Refusal readProfile(const json::Value& profile, Settings* settings);
void writeLatency(json::Writer& writer, const Latency& latency);

void writeState(json::Writer& writer);

// A status as a number, signed or not, or as text, "0xC0370105". Null: neither.
std::optional<HResult> statusOf(const json::Value& value);
// Milliseconds, fractions allowed, from 0 to a day. Null: something else.
std::optional<double> millisecondsOf(const json::Value& value);

}  // namespace hc::simulator
