#include "wire/kinesis/json_value_decoder.h"

#include <charconv>
#include <limits>

#include "base/base64.h"
#include "wire/kinesis/json_text.h"

namespace forebay::wire::kinesis {
namespace {

using Kind = JsonReader::Kind;

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

void JsonValueDecoder::wrong_type(Wanted wanted, Kind kind) {
  switch (kind) {
    case Kind::boolean: return note(wrong_type_text(wanted, Found::boolean, {}));
    case Kind::number: return note(wrong_type_text(wanted, Found::number, {}));
    case Kind::string: return note(wrong_type_text(wanted, Found::string, scratch_));
    case Kind::array: return note(wrong_type_text(wanted, Found::list, {}));
    case Kind::object: return note(wrong_type_text(wanted, Found::structure, {}));
    default: return;
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
  out = time_from_number(json_number(reader_.read_number()));
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
