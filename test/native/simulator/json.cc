// The simulator's JSON reader and writer.
#include "../../../native/simulator/base/json.h"

#include <string>

#include "../support/check.h"

namespace {

using namespace hc::simulator::json;  // NOLINT(google-build-using-namespace)

bool accepts(const std::u16string& text) {
  Error error;
  return parse(text, &error).has_value();
}

void strictness() {
  const char16_t* good[] = {u"{}",
                            u"[]",
                            u" \t\r\n{ \"a\" : [ 1 , -0 , 0.5 , 1e9 , 2E-3 , 1.5e+2 ] } ",
                            u"\"\"",
                            u"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"",
                            u"null",
                            u"true",
                            u"false",
                            u"0",
                            u"-1",
                            u"18446744073709551616000",
                            u"{\"a\":1,\"A\":2}",
                            u"{\"\":0}",
                            u"\"\\ud800\"",
                            u"[[[[]]]]"};
  for (const char16_t* text : good) CHECK(accepts(text));
  const char16_t* bad[] = {u"",
                           u" ",
                           u"{",
                           u"}",
                           u"[",
                           u"[1",
                           u"[1,",
                           u"[1,]",
                           u"[,1]",
                           u"{\"a\"}",
                           u"{\"a\":}",
                           u"{\"a\":1,}",
                           u"{a:1}",
                           u"{'a':1}",
                           u"'a'",
                           u"\"a",
                           u"\"\\x\"",
                           u"\"\\u12g4\"",
                           u"\"\\u123",
                           u"\"\t\"",
                           u"01",
                           u"-",
                           u"-01",
                           u"+1",
                           u".5",
                           u"1.",
                           u"1.e1",
                           u"1e",
                           u"1e+",
                           u"0x10",
                           u"NaN",
                           u"Infinity",
                           u"tru",
                           u"TRUE",
                           u"nul",
                           u"{} {}",
                           u"[] x",
                           u"// c\n{}",
                           u"/**/{}",
                           u"\uFEFF{}",
                           u"{\"a\":1 \"b\":2}",
                           u"[1 2]",
                           u"{\"a\":1,\"a\":2}",
                           u"{\"a\":1,\"\\u0061\":2}",
                           u"\\u007B}",
                           u"\u00A0{}"};
  for (const char16_t* text : bad) CHECK(!accepts(text));
}

void limits() {
  const auto nested = [](std::size_t depth) {
    return std::u16string(depth, u'[') + std::u16string(depth, u']');
  };
  CHECK(accepts(nested(kDepthLimit)));
  CHECK(!accepts(nested(kDepthLimit + 1)));
  CHECK(!accepts(std::u16string(1'000'000, u'[')));
  CHECK(!accepts(std::u16string(u"{\0}", 3)));
  CHECK(!accepts(std::u16string(u"\"\0\"", 3)));
  CHECK(!accepts(std::u16string(u"1\0", 2)));
  // Twice among many members, where all pairs are not compared.
  std::u16string many = u"{";
  for (int i = 0; i < 5000; ++i) many += u"\"m" + decimalText(i) + u"\":1,";
  CHECK(accepts(many + u"\"x\":1}"));
  CHECK(!accepts(many + u"\"m42\":1}"));
}

// Much of whatever the reader might stumble over is read or refused in time: what takes time in
// proportion to its square would not end within the test's limit.
void adversaries() {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  constexpr std::size_t kSize = 50'000;
#else
  constexpr std::size_t kSize = 1'000'000;
#endif
  for (const char16_t* piece :
       {u"[", u"{\"a\":", u"\"", u"\\", u"\\u0041", u"1", u"-", u"1e", u"0.", u",", u":", u" ",
        u"\xD800", u"[],", u"\"a\",", u"1,", u"{},", u"null,", u"}"}) {
    std::u16string text;
    while (text.size() < kSize) text += piece;
    for (const char16_t* before : {u"", u"[", u"\"", u"{\"a\":"}) {
      accepts(before + text);
      accepts(before + text + u"\"");
      accepts(before + text + u"1]");
    }
    Writer writer;
    CHECK(accepts(writer.string(text).text()));
  }
}

void errors() {
  Error error;
  CHECK(!parse(u"{\"a\":1,\"a\":2}", &error) && error.what != nullptr);
  CHECK(!parse(u"[1,x]", &error) && error.offset == 3);
  CHECK(!parse(u"{} x", &error) && error.offset == 3);
}

void values() {
  Error error;
  const auto document = parse(
      u"{\"big\":18446744073709551615,\"more\":18446744073709551616,\"low\":-9223372036854775808,"
      u"\"lower\":-9223372036854775809,\"part\":-12.5e-1,\"text\":\"\\u00e9\\ud83d\\ude00\"}",
      &error);
  if (!CHECK(document.has_value())) return;
  CHECK(toUnsigned(*document->find(u"big")) == UINT64_MAX);
  CHECK(document->find(u"more")->text == u"18446744073709551616");
  CHECK(!toUnsigned(*document->find(u"more")));
  CHECK(toSigned(*document->find(u"low")) == INT64_MIN);
  CHECK(!toSigned(*document->find(u"lower")));
  CHECK(!toUnsigned(*document->find(u"low")));
  CHECK(toDouble(*document->find(u"part")) == -1.25);
  CHECK(!toSigned(*document->find(u"part")));
  CHECK(document->find(u"text")->text == u"\u00e9\U0001F600");
  CHECK(document->find(u"absent") == nullptr);
  CHECK(!toDouble(*parse(u"1e999", &error)));
  CHECK(toDouble(*parse(u"0.2", &error)) == 0.2);
  CHECK(toDouble(*parse(u"0e999", &error)) == 0.0);
  CHECK(toDouble(*parse(u"1e-99999999999", &error)) < 1e-290);
}

void writing() {
  Writer writer;
  writer.beginObject().key(u"a\"\\\n").string(u"\u0001\u00e9");
  writer.key(u"n").beginArray().number(UINT64_MAX).signedNumber(INT64_MIN).decimal(2.05).decimal(3);
  writer.null().boolean(true).beginObject().endObject().endArray().key(u"r").raw(u"[1]");
  writer.endObject();
  CHECK(writer.text() ==
        u"{\"a\\\"\\\\\\u000a\":\"\\u0001\u00e9\",\"n\":[18446744073709551615,"
        u"-9223372036854775808,2.05,3,null,true,{}],\"r\":[1]}");
  CHECK(accepts(writer.text()));

  // Halves of surrogate pairs become escapes; whole pairs stay.
  const std::u16string lone = {0xD800, u'x', 0xDC00, 0xD83D, 0xDE00};
  Writer surrogates;
  surrogates.string(lone);
  CHECK(surrogates.text() == u"\"\\ud800x\\udc00\U0001F600\"");
  Error error;
  const auto back = parse(surrogates.text(), &error);
  CHECK(back && back->text == lone);

  Writer copy;
  const auto value = parse(u" { \"x\" : [ 1.50 , null , \"y\" ] } ", &error);
  CHECK(value && copy.value(*value).text() == u"{\"x\":[1.50,null,\"y\"]}");
}

}  // namespace

int main() {
  strictness();
  limits();
  adversaries();
  errors();
  values();
  writing();
  return hc::test::summary();
}
