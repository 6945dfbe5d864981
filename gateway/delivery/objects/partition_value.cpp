#include "gateway/delivery/objects/partition_value.h"

#include <algorithm>
#include <bit>
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
constexpr double kFirstSecond = -62'135'596'800;  // of the year 1
constexpr double kLastSecond = 253'402'300'799;  // of the year 9999

Error unfit(std::string why) { return Error{Errc::invalid_argument, std::move(why)}; }

/// Walks down all paths at once and reads everything else over, so that the whole text is checked. Which paths are
/// under way is a set of bits.
class Walk {
 public:
  using Set = std::uint64_t;
  static_assert(PartitionQuery::kMembersMax < sizeof(Set) * 8);

  Walk(std::string_view json, const std::vector<PartitionQuery::Path>& paths, std::vector<PartitionValue>& values)
      : in_(json), paths_(paths), values_(values) {}

  bool run() {
    values_.assign(paths_.size(), PartitionValue());
    visit((Set{1} << paths_.size()) - 1, 0);
    return in_.ok() && in_.at_end();
  }

 private:
  template <class Do>
  static void for_each(Set set, Do work) {
    for (; set != 0; set &= set - 1) work(static_cast<std::size_t>(std::countr_zero(set)));
  }
  [[nodiscard]] bool ends(std::size_t path, std::size_t depth) const { return paths_[path].steps.size() == depth; }
  [[nodiscard]] const PartitionQuery::Step& step(std::size_t path, std::size_t depth) const {
    return paths_[path].steps[depth];
  }

  void visit(Set set, std::size_t depth) {
    for_each(set, [&](std::size_t path) { values_[path] = {}; });
    switch (in_.peek()) {
      case JsonReader::Kind::object: return visit_object(deeper(set, depth, true), depth);
      case JsonReader::Kind::array: return visit_array(deeper(set, depth, false), depth);
      case JsonReader::Kind::null: return in_.skip();
      default: read_scalar(set, depth);
    }
  }

  /// The paths that go on inside of this object or array; tells the others what is wrong.
  Set deeper(Set set, std::size_t depth, bool object) {
    Set inside = 0;
    for_each(set, [&](std::size_t path) {
      if (ends(path, depth))
        values_[path].problem = "it is an object or array";
      else if ((step(path, depth).index < 0) != object)
        values_[path].problem = nothing_to_look_in(step(path, depth));
      else
        inside |= Set{1} << path;
    });
    return inside;
  }

  static std::string nothing_to_look_in(const PartitionQuery::Step& step) {
    if (step.index < 0) return "there is no object to look for \"" + step.name + "\" in";
    return "there is no array to look for element " + std::to_string(step.index) + " in";
  }

  void visit_object(Set set, std::size_t depth) {
    std::string key;
    in_.begin_object();
    while (in_.next_key(key)) {
      Set named = 0;
      for_each(set, [&](std::size_t path) {
        if (step(path, depth).name == key) named |= Set{1} << path;
      });
      named != 0 ? visit(named, depth + 1) : in_.skip();
    }
  }

  void visit_array(Set set, std::size_t depth) {
    in_.begin_array();
    for (std::int64_t i = 0; in_.next_element(); ++i) {
      Set here = 0;
      for_each(set, [&](std::size_t path) {
        if (step(path, depth).index == i) here |= Set{1} << path;
      });
      here != 0 ? visit(here, depth + 1) : in_.skip();
    }
  }

  void read_scalar(Set set, std::size_t depth) {
    PartitionValue value;
    switch (in_.peek()) {
      case JsonReader::Kind::string:
        value.kind = Kind::text;
        in_.read_string(value.text);
        break;
      case JsonReader::Kind::number:
        value.kind = Kind::number;
        value.text = partition_number(in_.read_number());
        break;
      case JsonReader::Kind::boolean:
        value.kind = Kind::boolean;
        value.text = in_.read_boolean() ? "true" : "false";
        break;
      default: in_.skip();
    }
    for_each(set, [&](std::size_t path) {
      if (ends(path, depth))
        values_[path] = value;
      else
        values_[path].problem = nothing_to_look_in(step(path, depth));
    });
  }

  JsonReader in_;
  const std::vector<PartitionQuery::Path>& paths_;
  std::vector<PartitionValue>& values_;
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
  if (!(seconds >= kFirstSecond && seconds <= kLastSecond)) return unfit("strftime: no time of the years 1 to 9999");
  PartitionValue result{Kind::text, "", ""};
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

Result<void> find_partition_values(std::string_view json, const std::vector<PartitionQuery::Path>& paths,
                                   std::vector<PartitionValue>& values) {
  if (Walk(json, paths, values).run()) return {};
  return unfit("the record is not one JSON value");
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
