#include "gateway/delivery/objects/partition_query_parser.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace forebay::gateway::delivery {
namespace {

using Function = PartitionQuery::Function;

constexpr std::int64_t kIndexMax = 1'000'000;

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// The letter of a conversion that is not known; zero when all are.
char unknown_conversion(std::string_view format) {
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    const char letter = ++i < format.size() ? format[i] : '%';
    if (i == format.size() || std::string_view("YmdHMSj%").find(letter) == std::string_view::npos) return letter;
  }
  return '\0';
}

}  // namespace

Result<void> PartitionQueryParser::parse(std::vector<std::string>& ids, std::vector<PartitionQuery::Path>& paths) {
  if (utf8_error_position(text_) != std::string_view::npos) return refused("no UTF-8");
  FB_CHECK(expect('{', "the beginning"));
  do {
    if (ids.size() == PartitionQuery::kMembersMax)
      return refused("more than " + std::to_string(PartitionQuery::kMembersMax) + " members");
    FB_CHECK(member(ids, paths));
  } while (take(','));
  FB_CHECK(expect('}', "a member"));
  skip_blanks();
  if (at_ != text_.size()) return refused("only one object is allowed");
  return {};
}

Result<void> PartitionQueryParser::member(std::vector<std::string>& ids, std::vector<PartitionQuery::Path>& paths) {
  skip_blanks();
  std::string id;
  if (next() == '"') {
    FB_TRY(id, quoted());
  } else {
    id = word();
  }
  if (id.empty()) return refused("expected the name of a member");
  if (std::find(ids.begin(), ids.end(), id) != ids.end()) return refused("member " + id + " is there twice");
  PartitionQuery::Path path;
  if (take(':')) {
    FB_CHECK(this->path(path));
  } else {
    path.steps.push_back({id, -1});
  }
  ids.push_back(std::move(id));
  paths.push_back(std::move(path));
  return {};
}

Result<void> PartitionQueryParser::path(PartitionQuery::Path& path) {
  skip_blanks();
  if (next() != '.') return refused("expected a path that begins with a dot");
  for (bool first = true; next() == '.' || next() == '['; first = false) {
    if (path.steps.size() == kStepsMax) return refused("a path of more than " + std::to_string(kStepsMax) + " steps");
    const bool dot = next() == '.';
    if (dot) ++at_;
    if (next() == '[') {
      FB_CHECK(bracket(path));
      continue;
    }
    PartitionQuery::Step step;
    if (next() == '"') {
      FB_TRY(step.name, quoted());
    } else {
      step.name = word();
    }
    if (step.name.empty() && first && next() != '.') break;  // the record itself
    if (step.name.empty()) return refused("expected a name behind the dot");
    path.steps.push_back(std::move(step));
  }
  if (next() == '?') return refused("the operator ? is not supported");
  while (take('|')) FB_CHECK(call(path));
  return {};
}

Result<void> PartitionQueryParser::bracket(PartitionQuery::Path& path) {
  ++at_;
  skip_blanks();
  PartitionQuery::Step step;
  if (next() == '"') {
    FB_TRY(step.name, quoted());
  } else {
    const std::string_view digits = word();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), step.index);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() || step.index > kIndexMax)
      return refused("expected a quoted name or an index of 0 to " + std::to_string(kIndexMax) + " in the brackets");
  }
  path.steps.push_back(std::move(step));
  return expect(']', "the index");
}

Result<void> PartitionQueryParser::call(PartitionQuery::Path& path) {
  skip_blanks();
  if (path.calls.size() == kCallsMax) return refused("more than " + std::to_string(kCallsMax) + " functions");
  const std::size_t begin = at_;
  const std::string_view name = word();
  PartitionQuery::Call call{Function::tostring, ""};
  if (name == "ascii_downcase") {
    call.function = Function::ascii_downcase;
  } else if (name == "ascii_upcase") {
    call.function = Function::ascii_upcase;
  } else if (name == "strftime") {
    call.function = Function::strftime;
    FB_CHECK(expect('(', "strftime"));
    skip_blanks();
    FB_TRY(call.format, quoted());
    FB_CHECK(expect(')', "the format"));
    if (const char letter = unknown_conversion(call.format))
      return refused(std::string("strftime knows %Y %m %d %H %M %S %j, not %") + letter);
  } else if (name != "tostring") {
    at_ = begin;
    return refused("function \"" + std::string(name) +
                   "\" is not supported; there are tostring, ascii_downcase, "
                   "ascii_upcase and strftime(\"...\")");
  }
  path.calls.push_back(std::move(call));
  return {};
}

Result<std::string> PartitionQueryParser::quoted() {
  if (!take('"')) return refused("expected a text in quotes");
  std::string out;
  for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
    if (text_[at_] == '\\') {
      if (++at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\\' && text_[at_] != '/'))
        return refused("of escapes only \\\" \\\\ and \\/ are supported");
    }
    out += text_[at_];
  }
  if (at_ == text_.size()) return refused("a text without its closing quote");
  ++at_;
  return out;
}

std::string_view PartitionQueryParser::word() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_word(text_[at_])) ++at_;
  return text_.substr(begin, at_ - begin);
}

void PartitionQueryParser::skip_blanks() {
  while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
}

bool PartitionQueryParser::take(char c) {
  skip_blanks();
  if (next() != c) return false;
  ++at_;
  return true;
}

Result<void> PartitionQueryParser::expect(char c, std::string_view behind) {
  if (take(c)) return {};
  if (at_ == text_.size()) return refused(std::string("expected '") + c + "' behind " + std::string(behind));
  return refused(std::string("expected '") + c + "', found \"" + std::string(text_.substr(at_, 12)) + "\"");
}

Error PartitionQueryParser::refused(const std::string& why) const {
  return Error{Errc::invalid_argument,
               "MetadataExtractionQuery, position " + std::to_string(std::min(at_, text_.size()) + 1) + ": " + why};
}

}  // namespace forebay::gateway::delivery
