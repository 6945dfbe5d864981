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

constexpr std::string_view kBlanks = " \t\n\v\f\r";

/// Where the text after "arn:aws.*:kinesis:" starts, for the first such service; npos when there is none. What stands
/// between is arbitrary, so the first one leaves most to choose from.
std::size_t after_service(std::string_view text) {
  constexpr std::string_view kStart = "arn:aws";
  constexpr std::string_view kService = ":kinesis:";
  if (!text.starts_with(kStart)) return std::string_view::npos;
  const std::size_t service = text.find(kService, kStart.size());
  return service == std::string_view::npos ? service : service + kService.size();
}

/// True when ":<12 digits>" ends before `at` and starts at `from` or later.
bool is_account_before(std::string_view text, std::size_t at, std::size_t from) {
  return at >= from + 13 && text[at - 13] == ':' && all_digits(text.substr(at - 12, 12));
}

/// After the service ":<12 digits>", then `kind` (":stream/"), then a name without blanks up to the end.
bool matches_arn_of(std::string_view text, std::string_view kind) {
  const std::size_t from = after_service(text);
  if (from == std::string_view::npos) return false;
  const std::size_t last_blank = text.find_last_of(kBlanks);
  for (std::size_t at = text.find(kind, from); at != std::string_view::npos; at = text.find(kind, at + 1)) {
    const std::size_t name = at + kind.size();
    const bool blank = last_blank != std::string_view::npos && last_blank >= name;
    if (name < text.size() && !blank && is_account_before(text, at, from)) return true;
  }
  return false;
}
bool matches_stream_arn(std::string_view text) { return matches_arn_of(text, ":stream/"); }
bool matches_channel_arn(std::string_view text) { return matches_arn_of(text, ":channel/"); }

/// Where the text after the first ":<12 digits>:" behind the service starts; npos when there is none.
std::size_t after_account(std::string_view text) {
  const std::size_t from = after_service(text);
  if (from == std::string_view::npos) return from;
  for (std::size_t at = text.find(':', from); at != std::string_view::npos; at = text.find(':', at + 1))
    if (is_account_before(text, at, from)) return at + 1;
  return std::string_view::npos;
}

bool matches_resource_arn(std::string_view text) {
  const std::size_t from = after_account(text);
  if (from == std::string_view::npos) return false;
  const std::size_t last_blank = text.find_last_of(kBlanks);
  // The last one with a name behind it is the most likely to have no blank behind it.
  for (std::string_view kind : {"stream/", "channel/", "queue/"}) {
    if (text.size() <= kind.size()) continue;
    const std::size_t at = text.rfind(kind, text.size() - kind.size() - 1);
    if (at != std::string_view::npos && at >= from &&
        (last_blank == std::string_view::npos || last_blank < at + kind.size()))
      return true;
  }
  return false;
}

/// Cuts the part behind the last `separator` off and returns it; empty when there is none.
std::string_view take_last(std::string_view& text, char separator) {
  const std::size_t at = text.rfind(separator);
  if (at == std::string_view::npos) return {};
  const std::string_view part = text.substr(at + 1);
  text = text.substr(0, at);
  return part;
}

/// .*stream/NAME/consumer/NAME:<digits>
bool matches_consumer_arn(std::string_view text) {
  const std::size_t from = after_account(text);
  if (from == std::string_view::npos) return false;
  std::string_view rest = text.substr(from);
  const std::string_view created = take_last(rest, ':');
  const bool consumer = matches_name(take_last(rest, '/')) && take_last(rest, '/') == "consumer";
  return consumer && !created.empty() && all_digits(created) && matches_name(take_last(rest, '/')) &&
         rest.ends_with("stream");
}

}  // namespace

const Pattern kName{"[a-zA-Z0-9_.-]+", matches_name};
const Pattern kStreamArn{R"(arn:aws.*:kinesis:.*:\d{12}:stream/\S+)", matches_stream_arn};
const Pattern kConsumerArn{
    R"(^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+)",
    matches_consumer_arn};
const Pattern kResourceArn{R"(arn:aws.*:kinesis:.*:\d{12}:.*(stream|channel|queue)/\S+)", matches_resource_arn};
const Pattern kChannelArn{R"(arn:aws.*:kinesis:.*:\d{12}:channel/\S+)", matches_channel_arn};
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
