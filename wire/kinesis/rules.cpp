#include "wire/kinesis/rules.h"

#include <algorithm>

namespace forebay::wire::kinesis::patterns {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '.' || c == '-';
}

bool matches_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_name_character);
}

/// 0, or up to `digits_max` digits without a leading zero.
bool matches_number(std::string_view text, std::size_t digits_max) {
  if (text == "0") return true;
  return !text.empty() && text[0] != '0' && text.size() <= digits_max && all_digits(text);
}
bool matches_sequence_number(std::string_view text) { return matches_number(text, 129); }
bool matches_hash_key(std::string_view text) { return matches_number(text, 39); }

/// What follows "arn:aws" must contain ":kinesis:" and, later, ":<12 digits>:stream/" before a name without blanks.
bool matches_stream_arn(std::string_view text) {
  constexpr std::string_view kStart = "arn:aws";
  constexpr std::string_view kService = ":kinesis:";
  constexpr std::string_view kStream = ":stream/";
  if (!text.starts_with(kStart)) return false;
  const std::size_t service = text.find(kService, kStart.size());
  if (service == std::string_view::npos) return false;
  const std::size_t from = service + kService.size();
  for (std::size_t at = text.find(kStream, from); at != std::string_view::npos; at = text.find(kStream, at + 1)) {
    const std::string_view name = text.substr(at + kStream.size());
    const bool account = at >= from + 13 && text[at - 13] == ':' && all_digits(text.substr(at - 12, 12));
    const bool blank = name.find_first_of(" \t\n\v\f\r") != std::string_view::npos;
    if (account && !name.empty() && !blank) return true;
  }
  return false;
}

}  // namespace

const Pattern kName{"[a-zA-Z0-9_.-]+", matches_name};
const Pattern kStreamArn{R"(arn:aws.*:kinesis:.*:\d{12}:stream/\S+)", matches_stream_arn};
const Pattern kSequenceNumber{R"(0|([1-9]\d{0,128}))", matches_sequence_number};
const Pattern kHashKey{R"(0|([1-9]\d{0,38}))", matches_hash_key};

}  // namespace forebay::wire::kinesis::patterns

namespace forebay::wire::kinesis {

bool fits(std::string_view text, const Rule& rule) {
  const auto bytes = static_cast<std::int64_t>(text.size());
  const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  // Characters are counted only when the bytes alone do not decide.
  if (bytes < rule.min || (bytes > rule.max && std::count_if(text.begin(), text.end(), is_start) > rule.max))
    return false;
  return rule.pattern == nullptr || rule.pattern->matches(text);
}

}  // namespace forebay::wire::kinesis
