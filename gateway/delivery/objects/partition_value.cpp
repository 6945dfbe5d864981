#include "gateway/delivery/objects/partition_value.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include "gateway/delivery/objects/time_pattern.h"
#include "wire/kinesis/json_text.h"
#include "wire/kinesis/json_value_reader.h"

namespace forebay::gateway::delivery {
namespace {

using wire::kinesis::JsonReader;
using Kind = PartitionValue::Kind;

constexpr std::size_t kExactDigits = 17;
constexpr double kLastSecond = 253'402'300'799;  // of the year 9999

Error unfit(std::string why) { return Error{Errc::invalid_argument, std::move(why)}; }

/// Walks down one path and reads everything else over, so that the whole text is checked.
class Walk {
 public:
  Walk(std::string_view json, const std::vector<PartitionQuery::Step>& steps) : in_(json), steps_(steps) {}

  Result<PartitionValue> run() {
    descend(0);
    if (!in_.ok() || !in_.at_end()) return unfit("the record is not one JSON value");
    if (!problem_.empty()) return unfit(problem_);
    return value_;
  }

 private:
  void descend(std::size_t depth) {
    problem_.clear();
    value_ = {};
    if (depth == steps_.size()) return read_scalar();
    const PartitionQuery::Step& step = steps_[depth];
    const JsonReader::Kind kind = in_.peek();
    if (kind == JsonReader::Kind::null) return in_.skip();
    if (kind == JsonReader::Kind::object && step.index < 0) return enter_object(step, depth);
    if (kind == JsonReader::Kind::array && step.index >= 0) return enter_array(step, depth);
    in_.skip();
    problem_ = step.index < 0 ? "there is no object to look for \"" + step.name + "\" in"
                              : "there is no array to look for element " + std::to_string(step.index) + " in";
  }

  void enter_object(const PartitionQuery::Step& step, std::size_t depth) {
    std::string key;
    in_.begin_object();
    while (in_.next_key(key)) key == step.name ? descend(depth + 1) : in_.skip();
  }

  void enter_array(const PartitionQuery::Step& step, std::size_t depth) {
    in_.begin_array();
    for (std::int64_t i = 0; in_.next_element(); ++i) i == step.index ? descend(depth + 1) : in_.skip();
  }

  void read_scalar() {
    switch (in_.peek()) {
      case JsonReader::Kind::string: value_.kind = Kind::text; return in_.read_string(value_.text);
      case JsonReader::Kind::number: value_ = {Kind::number, partition_number(in_.read_number())}; return;
      case JsonReader::Kind::boolean: value_ = {Kind::boolean, in_.read_boolean() ? "true" : "false"}; return;
      case JsonReader::Kind::object:
      case JsonReader::Kind::array: problem_ = "it is an object or array"; break;
      default: break;
    }
    in_.skip();
  }

  JsonReader in_;
  const std::vector<PartitionQuery::Step>& steps_;
  PartitionValue value_;
  std::string problem_;
};

void change_letters(std::string& text, char first, char last, int distance) {
  for (char& c : text)
    if (c >= first && c <= last) c = static_cast<char>(c + distance);
}

/// Java pattern of a strftime letter.
std::string_view pattern_of(char letter) {
  switch (letter) {
    case 'Y': return "yyyy";
    case 'm': return "MM";
    case 'd': return "dd";
    case 'H': return "HH";
    case 'M': return "mm";
    case 'S': return "ss";
    default: return "DDD";  // j; the parser of the query lets no other pass
  }
}

Result<PartitionValue> strftime(const std::string& format, const PartitionValue& value) {
  if (value.kind != Kind::number) return unfit("strftime needs a number of seconds since 1970");
  const double seconds = std::floor(wire::kinesis::json_number(value.text));
  if (!(seconds >= -kLastSecond && seconds <= kLastSecond)) return unfit("strftime: no time of the years 1 to 9999");
  PartitionValue result{Kind::text, ""};
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || format[i + 1] == '%') {
      result.text += format[i];
      i += format[i] == '%' ? 1 : 0;
      continue;
    }
    FB_TRY(const TimePattern pattern, TimePattern::parse(pattern_of(format[++i])));
    pattern.append(result.text, static_cast<std::int64_t>(seconds));
  }
  return result;
}

}  // namespace

Result<PartitionValue> find_partition_value(std::string_view json, const std::vector<PartitionQuery::Step>& steps) {
  return Walk(json, steps).run();
}

Result<PartitionValue> apply_partition_call(const PartitionQuery::Call& call, PartitionValue value) {
  using Function = PartitionQuery::Function;
  if (call.function == Function::strftime) return strftime(call.format, value);
  if (call.function == Function::tostring) {
    if (value.kind == Kind::null) value.text = "null";
    value.kind = Kind::text;
    return value;
  }
  if (value.kind != Kind::text) return unfit("ascii_downcase and ascii_upcase need a string");
  if (call.function == Function::ascii_downcase)
    change_letters(value.text, 'A', 'Z', 'a' - 'A');
  else
    change_letters(value.text, 'a', 'z', 'A' - 'a');
  return value;
}

std::string partition_number(std::string_view number) {
  const std::string_view digits = number.starts_with('-') ? number.substr(1) : number;
  const bool whole = digits.find_first_not_of("0123456789") == std::string_view::npos;
  if (whole && digits.size() <= kExactDigits && number != "-0") return std::string(number);
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, wire::kinesis::json_number(number));
  return {text, error == std::errc() ? end : text};
}

}  // namespace forebay::gateway::delivery
