#include "wire/kinesis/json_value_decoder.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/digest.h"
#include "wire/kinesis/json_text.h"

namespace forebay::wire::kinesis {
namespace {

using Kind = JsonReader::Kind;

constexpr const char* kListFound = "Start of list found where not expected";
constexpr const char* kObjectFound = "Start of structure or map found where not expected.";
/// Some SDK versions send milliseconds where seconds are meant; no date of use is that far away in seconds.
constexpr double kSecondsMax = 1e11;

/// Truncated towards zero and clamped, as the service does.
std::int64_t to_integer(std::string_view number, std::int64_t min, std::int64_t max) {
  std::int64_t exact = 0;
  const char* const end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, exact);
  if (error == std::errc() && stop == end) return std::min(std::max(exact, min), max);
  const double value = json_number(number);
  if (value >= static_cast<double>(max)) return max;
  if (value <= static_cast<double>(min)) return min;
  return static_cast<std::int64_t>(value);
}

std::string blob_problem(const std::string& text) {
  const std::string start = "'" + std::string(shortened(text)) + "' can not be converted to a Blob: ";
  if (text.size() % 4 != 0)
    return start + "Base64 encoded length is expected a multiple of 4 bytes but found: " + std::to_string(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool letter =
        (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    const bool padding = c == '=' && (i + 1 == text.size() || text[i + 1] == '=');
    if (!letter && !padding)
      return start + "Invalid Base64 character: '" + std::string(first_character(std::string_view(text).substr(i))) +
             "'";
  }
  return start + "Invalid last non-pad Base64 character dectected";
}

}  // namespace

void JsonValueDecoder::note(std::string text) {
  if (!fault_) fault_ = Fault{ErrorType::serialization, std::move(text)};
}

bool JsonValueDecoder::begin_body() {
  if (reader_.at_end()) {
    empty_body_ = true;
    return false;
  }
  if (reader_.peek() != Kind::object) {
    not_an_object_ = true;
    return false;
  }
  reader_.begin_object();
  return reader_.ok();
}

std::optional<Fault> JsonValueDecoder::finish() {
  if (empty_body_) return std::nullopt;
  if (not_an_object_ || !reader_.ok() || !reader_.at_end()) return Fault{ErrorType::serialization, ""};
  return fault_;
}

void JsonValueDecoder::wrong_type(Wanted wanted, Kind found) {
  if (found == Kind::array) return note(kListFound);
  if (found == Kind::object) return note(kObjectFound);
  switch (wanted) {
    case Wanted::list: return note("Expected list or null");
    case Wanted::map: return note("Expected map or null");
    case Wanted::structure: return note("Expected null");
    default: break;
  }
  if (wanted == Wanted::boolean && found == Kind::string)
    return note("'" + upper_cased(shortened(scratch_)) + "' can not be converted to an Boolean");
  const std::string java = found == Kind::boolean  ? "java.lang.Boolean"
                           : found == Kind::string ? "java.lang.String"
                                                   : "com.amazon.coral.value.json.numbers.TruncatingBigNumber";
  const std::string start = "class " + java + " can not be converted to ";
  switch (wanted) {
    case Wanted::string: return note(start + "an String");
    case Wanted::integer: return note(start + "an Integer");
    case Wanted::long_integer: return note(start + "an Long");
    case Wanted::boolean: return note(start + "an Boolean");
    case Wanted::blob: return note(start + "a Blob");
    default: return note(start + "milliseconds since epoch");
  }
}

bool JsonValueDecoder::start(Wanted wanted, Kind kind) {
  const Kind found = reader_.peek();
  if (found == kind) return true;
  if (found == Kind::string)
    reader_.read_string(scratch_);
  else
    reader_.skip();
  if (found != Kind::null && reader_.ok()) wrong_type(wanted, found);
  return false;
}

bool JsonValueDecoder::read(std::string& out) {
  if (!start(Wanted::string, Kind::string)) return false;
  reader_.read_string(out);
  return reader_.ok();
}

bool JsonValueDecoder::read(std::int32_t& out) {
  if (!start(Wanted::integer, Kind::number)) return false;
  out = static_cast<std::int32_t>(to_integer(reader_.read_number(), std::numeric_limits<std::int32_t>::min(),
                                             std::numeric_limits<std::int32_t>::max()));
  return reader_.ok();
}

bool JsonValueDecoder::read(std::int64_t& out) {
  if (!start(Wanted::long_integer, Kind::number)) return false;
  out = to_integer(reader_.read_number(), std::numeric_limits<std::int64_t>::min(),
                   std::numeric_limits<std::int64_t>::max());
  return reader_.ok();
}

bool JsonValueDecoder::read(bool& out) {
  if (!start(Wanted::boolean, Kind::boolean)) return false;
  out = reader_.read_boolean();
  return reader_.ok();
}

bool JsonValueDecoder::read(Buffer& out) {
  if (!start(Wanted::blob, Kind::string)) return false;
  reader_.read_string(scratch_);
  if (!reader_.ok()) return false;
  out.clear();
  if (from_base64(scratch_, out)) return true;
  note(blob_problem(scratch_));
  return false;
}

bool JsonValueDecoder::read(WallTime& out) {
  if (!start(Wanted::timestamp, Kind::number)) return false;
  const double value = json_number(reader_.read_number());
  const double ms = std::abs(value) > kSecondsMax ? value : value * 1000;
  constexpr double kMsMax = 1e15;
  out = from_millis(std::llround(std::min(std::max(ms, -kMsMax), kMsMax)));
  return reader_.ok();
}

bool JsonValueDecoder::read(StringMap& out) {
  if (!start(Wanted::map, Kind::object)) return false;
  out.clear();
  reader_.begin_object();
  std::string key;
  std::string value;
  while (reader_.next_key(key))
    if (read(value) && out.size() < kElementsKept) out[key] = value;
  return reader_.ok();
}

bool JsonValueDecoder::begin_structure() {
  if (!start(Wanted::structure, Kind::object)) return false;
  reader_.begin_object();
  return reader_.ok();
}

bool JsonValueDecoder::begin_list() {
  if (!start(Wanted::list, Kind::array)) return false;
  reader_.begin_array();
  return reader_.ok();
}

}  // namespace forebay::wire::kinesis
