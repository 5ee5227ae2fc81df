// The programs that are made for tests of clients.
#include <algorithm>

#include "../base/json.h"
#include "../base/utf8.h"
#include "programs.h"

namespace hc::simulator {
namespace {

constexpr std::size_t kBlock = 64 * 1024;
constexpr std::size_t kPattern = 251;  // a prime: a lost or doubled block shows

std::uint32_t usage(Guest& guest, const Command& command, std::string_view text) {
  guest.write(command.error, std::string("usage: ").append(text).append(guest.lineEnd()));
  return 2;
}

}  // namespace

std::uint32_t runFlood(Guest& guest, const Command& command) {
  const auto& arguments = command.arguments;
  const auto size = arguments.size() > 1 ? numberOf(arguments[1]) : std::nullopt;
  if (!size) return usage(guest, command, "sim-flood BYTES [stderr]");
  const bool toError = arguments.size() > 2 && arguments[2] == "stderr";
  std::string block(kBlock + kPattern, '\0');
  for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<char>(i % kPattern);
  for (std::uint64_t done = 0; done < *size;) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, *size - done));
    const std::string_view bytes(&block[done % kPattern], count);
    if (!guest.write(toError ? command.error : command.output, bytes)) return 1;
    done += count;
  }
  return 0;
}

std::uint32_t runCopyInput(Guest& guest, const Command& command) {
  std::string block(kBlock, '\0');
  while (const std::size_t count = guest.read(block.data(), block.size()))
    if (!guest.write(command.output, std::string_view(block).substr(0, count))) return 1;
  return 0;
}

std::optional<double> waitOfSleep(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) return kForEver;
  const auto time = numberOf(arguments[1]);
  return time ? std::optional<double>(static_cast<double>(*time)) : std::nullopt;
}

std::uint32_t runSleep(Guest& guest, const Command& command) {
  const auto time = waitOfSleep(command.arguments);
  if (!time) return usage(guest, command, "sim-sleep [MILLISECONDS]");
  guest.sleep(*time);
  return 0;
}

std::uint32_t runCrash(Guest& guest, const Command& command) {
  const auto code = command.arguments.size() > 1 ? numberOf(command.arguments[1]) : std::nullopt;
  if (!code || *code > UINT32_MAX) return usage(guest, command, "sim-crash CODE");
  return static_cast<std::uint32_t>(*code);
}

std::uint32_t runArguments(Guest& guest, const Command& command) {
  for (const std::string& argument : command.arguments) {
    json::Writer writer;
    writer.string(toUtf16(argument));
    guest.write(command.output, toUtf8(writer.text()).append(guest.lineEnd()));
  }
  return 0;
}

std::uint32_t runReport(Guest& guest, const Command& command) {
  json::Writer writer;
  writer.beginObject().key(u"Arguments").beginArray();
  for (const std::string& argument : command.arguments) writer.string(toUtf16(argument));
  writer.endArray().key(u"Environment").beginObject();
  for (const auto& [name, value] : guest.environment)
    writer.key(toUtf16(name)).string(toUtf16(value));
  writer.endObject().key(u"WorkingDirectory").string(toUtf16(guest.directory));
  writer.key(u"User").string(toUtf16(guest.launch.user)).key(u"ConsoleSize").beginObject();
  writer.key(u"Height").number(guest.consoleSize().height);
  writer.key(u"Width").number(guest.consoleSize().width).endObject();
  writer.key(u"EmulateConsole").boolean(guest.launch.console).endObject();
  guest.write(command.output, toUtf8(writer.text()).append(guest.lineEnd()));
  return 0;
}

}  // namespace hc::simulator
