// What the questions about a Windows machine are read with, asked by and answered in: the same on
// every system.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../support/check.h"
#include "../support/gate.h"
#include "inspect/asker.h"
#include "inspect/json.h"
#include "inspect/question.h"

namespace {

using namespace hc::inspect;  // NOLINT(google-build-using-namespace)
using hc::test::eventually;
using hc::test::Gate;

void writesNestedValues() {
  Json json;
  json.beginObject().key("a").beginArray().number(0).number(18'446'744'073'709'551'615u).null();
  json.beginObject().endObject().beginArray().endArray().boolean(true).boolean(false).endArray();
  json.key("b").ascii("").key("c").beginObject().key("d").text(u"e").endObject().endObject();
  CHECK(json.written() ==
        u"{\"a\":[0,18446744073709551615,null,{},[],true,false],\"b\":\"\",\"c\":{\"d\":\"e\"}}");
}

void escapesWhatJsonMustNotHave() {
  const auto written = [](std::u16string_view text) { return Json().text(text).written(); };
  CHECK(written(u"a\"b\\c/") == u"\"a\\\"b\\\\c/\"");
  CHECK(written(std::u16string_view(u"\0\n\x1f\x7f", 4)) == u"\"\\u0000\\u000a\\u001f\\u007f\"");
  CHECK(written(u"gr\u00fcn \u4e2d") == u"\"gr\u00fcn \u4e2d\"");
  // A pair stays, its halves do not.
  CHECK(written(u"\U0001F600") == u"\"\U0001F600\"");
  const char16_t halves[] = {0xD83D, u'x', 0xDE00, 0xD83D};
  CHECK(written(std::u16string_view(halves, 4)) == u"\"\\ud83dx\\ude00\\ud83d\"");
}

void takesWhatHasBeenWritten() {
  Json list;
  list.beginArray().number(1).endArray();
  Json json;
  json.beginArray().value(list).value(list).endArray();
  CHECK(json.written() == u"[[1],[1]]");
}

Question good(std::u16string_view text) {
  std::string why;
  const auto question = readQuestion(text, why);
  CHECK(question.has_value());
  CHECK(why.empty());
  return question.value_or(Question{Kind::System, {}, {}, {}});
}

void readsQuestions() {
  CHECK(good(u"system").kind == Kind::System);
  CHECK(good(u"routes").kind == Kind::Routes);
  const Question value = good(u"registry SOFTWARE\\A key:B:ubr");
  CHECK(value.kind == Kind::RegistryValue);
  CHECK(value.subject == u"SOFTWARE\\A key:B");
  CHECK(value.name == u"ubr");
  CHECK(good(u"registry SOFTWARE:").name.empty());
  const Question key = good(u"registry-key A b: c");
  CHECK(key.kind == Kind::RegistryKey);
  CHECK(key.subject == u"A b: c");
  const Question library = good(u"library a.dll B C");
  CHECK(library.kind == Kind::Library);
  CHECK(library.subject == u"a.dll");
  CHECK(library.exports == std::vector<std::string>{"B", "C"});
  CHECK(good(u"library a.dll").exports.empty());
  CHECK(good(u"volume C:\\A b").subject == u"C:\\A b");
}

void refusesWhatIsNoQuestion() {
  const auto why = [](std::u16string_view text) {
    std::string said;
    CHECK(!readQuestion(text, said));
    return said;
  };
  for (const auto* text : {u"", u" ", u"systems", u"System", u"regist", u"file C:\\", u" system"})
    CHECK(why(text) == "is of no kind that is known");
  for (const auto* text : {u"system ", u"memory x"}) CHECK(why(text) == "is about nothing else");
  for (const auto* text : {u"service", u"service ", u"volume"})
    CHECK(why(text) == "must say what it is about");
  for (const auto* text : {u"registry", u"registry A", u"registry :b"})
    CHECK(why(text) == "must name a key, a colon and a value");
  for (const auto* text :
       {u"library", u"library ", u"library ..\\a.dll", u"library C:a.dll", u"library /a",
        u"library ..", u"library a.dll  B", u"library a.dll B ", u"library \u00e4.dll"})
    CHECK(why(text) == "must name a file of System32, then exports");
  CHECK(why(std::u16string_view(u"service a\0b", 11)) == "must not have a NUL in it");
  CHECK(why(u"volume " + std::u16string(33'000, u'a')) == "is too long");
  std::u16string many = u"library a.dll";
  for (int i = 0; i < 65; ++i) many += u" B";
  CHECK(why(many) == "must name a file of System32, then exports");
}

struct Counter : Asker::Reader {
  void onAnswer() override { ++count; }
  std::atomic<std::size_t> count{0};
};

// Never destroyed: the threads of a question may be inside when the test is over.
Gate& gate() {
  static Gate& gate = *new Gate;
  return gate;
}

std::u16string answering(const Question& question) {
  if (question.subject == u"hung") gate().pass();
  return Json().text(question.subject).written();
}

Question about(std::u16string subject) { return {Kind::Service, std::move(subject), {}, {}}; }

void answersEachOnce() {
  const auto counter = std::make_shared<Counter>();
  const auto asker = Asker::create(answering, counter);
  constexpr std::uint32_t kCount = 200;
  std::vector<int> seen(kCount);
  for (std::uint32_t id = 0; id < kCount; ++id) CHECK(asker->ask(id, about(u"a")));
  std::size_t taken = 0;
  CHECK(eventually([&] {
    for (const auto& [id, json] : asker->take()) {
      ++seen[id];
      ++taken;
      CHECK(json == u"\"a\"");
    }
    return taken == kCount;
  }));
  for (const int times : seen) CHECK(times == 1);
  CHECK(eventually([&] { return counter->count == kCount; }));
  CHECK(asker->asking() == 0);
  CHECK(asker->take().empty());
}

void isNotHeldByWhatHangs() {
  const auto counter = std::make_shared<Counter>();
  auto asker = Asker::create(answering, counter);
  CHECK(asker->ask(1, about(u"hung")));
  CHECK(asker->ask(2, about(u"hung")));
  CHECK(gate().arrived(2));
  CHECK(asker->ask(3, about(u"b")));
  CHECK(eventually([&] { return counter->count == 1; }));
  const auto answered = asker->take();
  CHECK(answered.size() == 1);
  CHECK(answered.at(0).id == 3);
  // As many as there may be; then it says that it cannot.
  for (std::size_t i = 2; i < Asker::kMost; ++i) CHECK(asker->ask(4, about(u"hung")));
  CHECK(!asker->ask(5, about(u"b")));
  CHECK(asker->asking() == Asker::kMost);
  CHECK(gate().arrived(Asker::kMost));
  // Who asked has ended; the threads come back to what they alone have.
  asker.reset();
  gate().open();
  CHECK(gate().left(Asker::kMost));
  CHECK(eventually([&] { return counter->count == Asker::kMost + 1; }));
}

}  // namespace

int main() {
  writesNestedValues();
  escapesWhatJsonMustNotHave();
  takesWhatHasBeenWritten();
  readsQuestions();
  refusesWhatIsNoQuestion();
  answersEachOnce();
  isNotHeldByWhatHangs();
  return hc::test::summary();
}
