#include "question.h"

#include <algorithm>
#include <iterator>

namespace hc::inspect {

namespace {

using std::u16string_view;

constexpr std::size_t kLongest = 33'000;  // a path of 32,767, and its kind
constexpr std::size_t kMostExports = 64;

enum class Subject { None, Whole, KeyAndName, FileAndExports };

struct Form {
  const char* word;
  Kind kind;
  Subject subject;
};

constexpr Form kForms[] = {
    {"system", Kind::System, Subject::None},
    {"registry", Kind::RegistryValue, Subject::KeyAndName},
    {"registry-key", Kind::RegistryKey, Subject::Whole},
    {"service", Kind::Service, Subject::Whole},
    {"drivers", Kind::Drivers, Subject::None},
    {"library", Kind::Library, Subject::FileAndExports},
    {"processor", Kind::Processor, Subject::None},
    {"hypervisor", Kind::Hypervisor, Subject::None},
    {"feature", Kind::Feature, Subject::Whole},
    {"token", Kind::Token, Subject::None},
    {"account-rights", Kind::AccountRights, Subject::Whole},
    {"volume", Kind::Volume, Subject::Whole},
    {"dev-drive", Kind::DevDrive, Subject::Whole},
    {"filters", Kind::Filters, Subject::None},
    {"memory", Kind::Memory, Subject::None},
    {"addresses", Kind::Addresses, Subject::None},
    {"routes", Kind::Routes, Subject::None},
};

bool isWord(u16string_view text, const char* word) {
  const std::string_view wanted(word);
  return std::equal(text.begin(), text.end(), wanted.begin(), wanted.end());
}

// Of a file in one folder, or of an export: what leads to another folder is none.
bool isName(u16string_view text) {
  return !text.empty() && text != u"." && text != u".." &&
         std::all_of(text.begin(), text.end(), [](char16_t unit) {
           return unit > 0x20 && unit < 0x7F &&
                  u16string_view(u"\\/:*?\"<>|").find(unit) == u16string_view::npos;
         });
}

bool readKeyAndName(u16string_view text, Question& question) {
  const std::size_t colon = text.rfind(u':');
  if (colon == u16string_view::npos || colon == 0) return false;
  question.subject = text.substr(0, colon);
  question.name = text.substr(colon + 1);
  return true;
}

bool readFileAndExports(u16string_view text, Question& question) {
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(u' ', at), text.size());
    const u16string_view name = text.substr(at, end - at);
    if (!isName(name) || question.exports.size() == kMostExports) return false;
    if (at == 0) {
      question.subject = name;
    } else {
      question.exports.emplace_back(name.begin(), name.end());
    }
    at = end + 1;
  }
  return true;
}

bool readSubject(Subject subject, u16string_view text, Question& question) {
  switch (subject) {
    case Subject::None:
      return text.empty();
    case Subject::Whole:
      question.subject = text;
      return !text.empty();
    case Subject::KeyAndName:
      return readKeyAndName(text, question);
    case Subject::FileAndExports:
      return readFileAndExports(text, question);
  }
  return false;
}

}  // namespace

std::optional<Question> readQuestion(u16string_view text, std::string& why) {
  const std::size_t space = std::min(text.find(u' '), text.size());
  const u16string_view word = text.substr(0, space);
  const auto form = std::find_if(std::begin(kForms), std::end(kForms),
                                 [&](const Form& each) { return isWord(word, each.word); });
  if (form == std::end(kForms)) {
    why = "is of no kind that is known";
  } else if (text.size() > kLongest) {
    why = "is too long";
  } else if (text.find(u'\0') != u16string_view::npos) {
    why = "must not have a NUL in it";
  } else {
    Question question{form->kind, {}, {}, {}};
    const bool bare = space == text.size();
    const u16string_view rest = bare ? u16string_view() : text.substr(space + 1);
    if ((bare || form->subject != Subject::None) && readSubject(form->subject, rest, question))
      return question;
    why = form->subject == Subject::None         ? "is about nothing else"
          : form->subject == Subject::Whole      ? "must say what it is about"
          : form->subject == Subject::KeyAndName ? "must name a key, a colon and a value"
                                                 : "must name a file of System32, then exports";
  }
  return std::nullopt;
}

}  // namespace hc::inspect
