// The program tar of a guest, over the files that its other programs see.
#include "../support/guest-client.h"

namespace {

using namespace hc;        // NOLINT(google-build-using-namespace)
using namespace hc::test;  // NOLINT(google-build-using-namespace)

constexpr std::size_t kBlock = 512;

// A header with a checksum, and the content with its padding.
std::string member(const std::string& name, char type, const std::string& content,
                   const std::string& link = {}) {
  std::string block(kBlock, '\0');
  char size[12];
  std::snprintf(size, sizeof size, "%011lo", static_cast<unsigned long>(content.size()));
  block.replace(0, name.size(), name);
  block.replace(124, 11, size);
  block[156] = type;
  block.replace(157, link.size(), link);
  block.replace(257, 8,
                std::string("ustar\0"
                            "00",
                            8));
  block.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  std::snprintf(size, sizeof size, "%06o", sum);
  block.replace(148, 7, std::string(size, 6) + '\0');
  return block + content + std::string((kBlock - content.size() % kBlock) % kBlock, '\0');
}
std::string file(const std::string& name, const std::string& content) {
  return member(name, '0', content);
}
std::string folder(const std::string& name) { return member(name, '5', {}); }
std::string longFile(const std::string& name, const std::string& content) {
  const std::string text = " path=" + name + '\n';
  std::string length = std::to_string(text.size());
  while (std::to_string(length.size() + text.size()) != length)
    length = std::to_string(length.size() + text.size());
  return member("PaxHeader/x", 'x', length + text) + file("short", content);
}
const std::string kEnd(2 * kBlock, '\0');

// Runs it to its end with that input.
Finished run(HcsSystem* system, const std::string& line, const std::string& input = {}) {
  Running running(system, commandLine(line));
  if (!CHECK(running.status == kOk)) return {};
  Finished finished;
  std::thread errors([&] { finished.error = running.error.readAll(); });
  std::thread inputs([&] {
    running.input.write(input);
    running.input.close();
  });
  finished.output = running.output.readAll();
  inputs.join();
  errors.join();
  finished.code = running.wait();
  return finished;
}
bool gives(HcsSystem* system, const std::string& line, const std::string& output) {
  const Finished finished = run(system, line);
  if (finished.output == output && finished.code == 0) return true;
  std::fprintf(stderr, "%s gave %u\n%s%s\n", line.c_str(), finished.code, finished.output.c_str(),
               finished.error.c_str());
  return false;
}
bool says(const Finished& finished, const std::string& error, std::uint32_t code = 1) {
  if (finished.error == error && finished.code == code) return true;
  std::fprintf(stderr, "ended with %u\n%s\n", finished.code, finished.error.c_str());
  return false;
}

constexpr const char* kDelayed = "tar: Error exit delayed from previous errors.\r\n";

void roundTrip() {
  reset();
  HcsSystem* system = running(u"tar");
  std::string binary;
  for (int i = 0; i < 3'000'000; ++i) binary.push_back(static_cast<char>(i * 7 % 251));
  const std::string longName = std::string(120, 'n') + ".txt", special = "\xC3\xBC\xE6\x97\xA5";
  const std::string tar = folder("d/") + folder("d/empty/") + file("d/big", binary) +
                          file("d/zero", "") + longFile("d/" + longName, "long") +
                          longFile("d/" + special, "special") + kEnd;
  CHECK(says(run(system, "tar -xf - -C C:\\", tar), "", 0));
  CHECK(gives(system, "cmd /c type C:\\d\\" + longName, "long"));
  CHECK(gives(system, "cmd /c if exist C:\\d\\empty\\ echo there", "there\r\n"));
  const Finished made = run(system, "tar -cf - -C C:\\ d");
  CHECK(made.code == 0 && made.error.empty() && made.output.size() % (20 * kBlock) == 0);
  CHECK(made.output.find(binary) != std::string::npos);
  const Finished listed = run(system, "tar -tf -", made.output);
  CHECK(listed.output ==
        "d/\r\nd/big\r\nd/empty/\r\nd/" + longName + "\r\nd/zero\r\nd/" + special + "\r\n");
  CHECK(says(run(system, "TAR.EXE xf - -C C:\\Users", made.output), "", 0));
  CHECK(run(system, "tar -c -f - -C C:\\Users d").output.find(binary) != std::string::npos);
  CHECK(gives(system, "cmd /c type C:\\Users\\d\\" + longName, "long"));
  // A folder alone; what is in one; a file by a name that is written otherwise.
  CHECK(
      run(system, "tar -tf -", run(system, "tar --no-recursion -cf - -C C:\\d .").output).output ==
      "./\r\n");
  CHECK(run(system, "tar -tf -", run(system, "tar -cf - -C C:\\d\\empty .").output).output ==
        "./\r\n");
  CHECK(run(system, "tar -tf -", run(system, "tar -cf - -C C:\\ d\\zero").output).output ==
        "d/zero\r\n");
  nothingLeft();
}

void replaces() {
  reset();
  HcsSystem* system = running(u"r");
  CHECK(says(run(system, "tar -xf - -C C:\\", file("a/b/c", "one") + kEnd), "", 0));
  CHECK(says(run(system, "tar -xf - -C C:\\", file("a/b/c", "2") + kEnd), "", 0));
  CHECK(gives(system, "cmd /c type C:\\a\\b\\c", "2"));
  const std::string more =
      folder("a/b/c/") + member("a/b/d", '1', {}, "x") + folder("x/") + file("x", "x") + kEnd;
  CHECK(says(run(system, "tar -xf - -C C:\\", more), "", 0));
  CHECK(gives(system, "cmd /c type C:\\x", "x"));
  CHECK(says(run(system, "tar -xf - -C C:\\", file("a", "x") + member("l", '2', {}, "x") + kEnd),
             "a: Can't create 'a': Is a directory\r\nl: Can't create 'l': Invalid argument\r\n" +
                 std::string(kDelayed)));
  nothingLeft();
}

void refuses() {
  reset();
  HcsSystem* system = running(u"n");
  CHECK(says(run(system, "tar -cf - -C C:\\ nowhere License.txt"),
             "tar: nowhere: Couldn't visit directory: No such file or directory\r\n" +
                 std::string(kDelayed)));
  CHECK(
      says(run(system, "tar -cf - -C C:\\nowhere x"), "tar: could not chdir to 'C:\\nowhere'\r\n"));
  CHECK(says(run(system, "tar -xf - -C C:\\License.txt", kEnd),
             "tar: could not chdir to 'C:\\License.txt'\r\n"));
  CHECK(says(run(system, "tar -cf -"), "tar: no files or directories specified\r\n"));
  CHECK(says(run(system, "tar -f -"), "tar: Must specify one of -c, -r, -t, -u, -x\r\n"));
  CHECK(says(run(system, "tar -cq"), "tar: Option -q is not supported\r\n"));
  CHECK(says(run(system, "tar -tf"), "tar: Option requires an argument -- 'f'\r\n"));
  CHECK(
      says(run(system, "tar -t"), "tar: Error opening archive: Failed to open '\\\\.\\tape0'\r\n"));
  CHECK(says(run(system, "tar -xf - -C C:\\", file("../up", "x") + file("/abs", "y") + kEnd),
             "../up: Path contains '..'\r\ntar: Removing leading '/' from member names\r\n" +
                 std::string(kDelayed)));
  CHECK(gives(system, "cmd /c type C:\\abs", "y"));
  nothingLeft();
}

// Input that ends anywhere, or is none.
void cutOff() {
  reset();
  HcsSystem* system = running(u"c");
  const std::string tar = file("whole", "whole") + longFile("long", std::string(1000, 'x')) + kEnd;
  const std::string truncated = std::string("tar: Truncated tar archive\r\n") + kDelayed;
  CHECK(says(run(system, "tar -tf -", tar.substr(0, 2 * kBlock)), "", 0));
  CHECK(says(run(system, "tar -tf -"), "", 0));
  for (const std::size_t size : {kBlock + 5, 2 * kBlock + 100, 3 * kBlock + 10, 5 * kBlock + 300})
    CHECK(says(run(system, "tar -tf -", tar.substr(0, size)), truncated));
  CHECK(says(run(system, "tar -xf - -C C:\\", tar.substr(0, 5 * kBlock + 300)),
             "long: Truncated tar archive\r\n" + std::string(kDelayed)));
  CHECK(gives(system, "cmd /c type C:\\whole", "whole"));
  const std::string unknown = "tar: Error opening archive: Unrecognized archive format\r\n";
  CHECK(says(run(system, "tar -tf -", tar.substr(0, 100)), unknown));
  CHECK(says(run(system, "tar -tf -", std::string(5000, 'x')), unknown));
  std::string damaged = tar;
  damaged[2 * kBlock] ^= 1;
  CHECK(says(run(system, "tar -tf -", damaged),
             "tar: Damaged tar archive\r\n" + std::string(kDelayed)));
  // A size that nothing follows, in base 256, and an extension of more than a gigabyte.
  std::string claims = file("huge", "x");
  std::string extension = member("PaxHeader/x", 'x', "");
  const auto claim = [](std::string* block) {
    block->replace(124, 12, std::string("\x80\0\0\0\0\0\0\x40\0\0\0\0", 12));
    block->replace(148, 8, "        ");
    unsigned sum = 0;
    for (std::size_t i = 0; i < kBlock; ++i) sum += static_cast<unsigned char>((*block)[i]);
    char text[8];
    std::snprintf(text, sizeof text, "%06o", sum);
    block->replace(148, 6, text, 6);
  };
  claim(&claims);
  claim(&extension);
  CHECK(says(run(system, "tar -xf - -C C:\\", claims + kEnd),
             "huge: Truncated tar archive\r\n" + std::string(kDelayed)));
  CHECK(says(run(system, "tar -tf -", file("a", "") + extension + kEnd),
             "tar: Damaged tar archive\r\n" + std::string(kDelayed)));
  nothingLeft();
}

void linuxGuest() {
  reset();
  HcsSystem* system = running(u"lx", linuxContainer(u"lx"));
  const auto words = [](const std::u16string& list) {
    return u"\"CommandArgs\":[" + list + u"]" + kPipes;
  };
  Running made(system, words(u"\"tar\",\"-cf\",\"-\",\"-C\",\"/etc/..\",\"./etc\""));
  made.input.close();
  const std::string tar = made.output.readAll();
  CHECK(made.wait() == 0);
  Running listed(system, words(u"\"tar\",\"-tf\",\"-\""));
  CHECK(listed.input.write(tar));
  listed.input.close();
  CHECK(listed.output.readAll() == "./etc/\n./etc/hosts\n./etc/os-release\n./etc/passwd\n");
  CHECK(listed.wait() == 0);
}

}  // namespace

int main() {
  roundTrip();
  replaces();
  refuses();
  cutOff();
  linuxGuest();
  return summary();
}
