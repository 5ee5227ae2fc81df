// The programs that a guest has.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "guest.h"

namespace hc::simulator {

// One program as the host or a shell starts it.
struct Command {
  std::vector<std::string> arguments;
  std::string line;  // as written; Windows programs may take it apart themselves
  Target output = Target::Output;
  Target error = Target::Error;
};

using Program = std::uint32_t (*)(Guest& guest, const Command& command);

struct ProgramEntry {
  std::string_view name;   // without an ending
  std::string_view image;  // as Windows lists it
  Program run;
  // Of a program that may do nothing but wait: the milliseconds; null: with these arguments it does
  // more, if only to refuse them.
  std::optional<double> (*waits)(const std::vector<std::string>& arguments) = nullptr;
};

// By the name it is started with: alone, or in one of the folders for programs. Null: there is no
// such file.
const ProgramEntry* findProgram(std::string_view name, bool linuxGuest);

// The name under which a list of processes has it.
std::string_view imageOf(const ProgramEntry& program, bool linuxGuest);

// Where a guest of Windows has them.
std::vector<std::string> programPaths();

// Decimal, or hexadecimal after 0x.
std::optional<std::uint64_t> numberOf(std::string_view text);

// Not negative, fractions allowed.
std::optional<double> secondsOf(std::string_view text);

// How long a program sleeps, in milliseconds, by its arguments; null: they are wrong.
std::optional<double> waitOfSleep(const std::vector<std::string>& arguments);
std::optional<double> waitOfLinuxSleep(const std::vector<std::string>& arguments);

// When a program ends that does nothing until then, and so needs no thread; Time::max(): never by
// itself. Null: it needs one.
std::optional<Time> endOfWait(const Launch& launch);

// From the argument of that index on, with a blank between two.
std::string joinWords(const std::vector<std::string>& arguments, std::size_t first);
// A line of Linux, taken apart as a shell does it that knows no variables.
std::vector<std::string> splitWords(std::string_view line);

std::uint32_t runCmd(Guest& guest, const Command& command);
std::uint32_t runPowerShell(Guest& guest, const Command& command);
std::uint32_t runSh(Guest& guest, const Command& command);

// Of both guests.
std::uint32_t runPing(Guest& guest, const Command& command);
std::uint32_t runHostname(Guest& guest, const Command& command);
std::uint32_t runWhoami(Guest& guest, const Command& command);
std::uint32_t runCopyInput(Guest& guest, const Command& command);
std::uint32_t runConsoleSize(Guest& guest, const Command& command);
std::uint32_t runTar(Guest& guest, const Command& command);

// For tests of clients.
std::uint32_t runFlood(Guest& guest, const Command& command);
std::uint32_t runSleep(Guest& guest, const Command& command);
std::uint32_t runCrash(Guest& guest, const Command& command);
std::uint32_t runArguments(Guest& guest, const Command& command);
std::uint32_t runHttp(Guest& guest, const Command& command);
std::uint32_t runReport(Guest& guest, const Command& command);

}  // namespace hc::simulator
