#include "wire/kinesis/cbor_value_decoder.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "wire/kinesis/json_text.h"

namespace forebay::wire::kinesis {
namespace {

using Kind = CborReader::Kind;

/// Truncated towards zero and clamped, as the service does.
std::int64_t to_integer(double value) {
  constexpr double kLimit = 9'223'372'036'854'775'808.0;  // 2^63
  if (std::isnan(value)) return 0;
  if (value >= kLimit) return std::numeric_limits<std::int64_t>::max();
  if (value <= -kLimit) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

}  // namespace

void CborValueDecoder::note(std::string text) {
  if (!fault_) fault_ = Fault{ErrorType::serialization, std::move(text)};
}

bool CborValueDecoder::begin_body() {
  if (reader_.at_end()) {
    empty_body_ = true;
    return false;
  }
  if (reader_.peek() != Kind::map) {
    not_a_map_ = true;
    return false;
  }
  reader_.begin_map();
  return reader_.ok();
}

std::optional<Fault> CborValueDecoder::finish() {
  if (empty_body_) return std::nullopt;
  if (not_a_map_ || !reader_.ok() || !reader_.at_end()) return Fault{ErrorType::serialization, ""};
  return fault_;
}

void CborValueDecoder::wrong_type(Wanted wanted, Kind kind) {
  switch (kind) {
    case Kind::boolean: return note(wrong_type_text(wanted, Found::boolean, {}));
    case Kind::integer:
    case Kind::floating: return note(wrong_type_text(wanted, Found::number, {}));
    case Kind::text: return note(wrong_type_text(wanted, Found::string, scratch_));
    case Kind::bytes: return note(wrong_type_text(wanted, Found::blob, {}));
    case Kind::array: return note(wrong_type_text(wanted, Found::list, {}));
    case Kind::map: return note(wrong_type_text(wanted, Found::structure, {}));
    default: return;
  }
}

/// True when a value of this kind follows; another one is passed over.
bool CborValueDecoder::start(Wanted wanted, Kind kind) {
  const Kind found = reader_.peek();
  if (found == kind) return true;
  if (found == Kind::text)
    reader_.read_text(scratch_);
  else
    reader_.skip();
  if (reader_.ok()) wrong_type(wanted, found);
  return false;
}

bool CborValueDecoder::start_number(Wanted wanted) {
  return reader_.peek() == Kind::floating || start(wanted, Kind::integer);
}

bool CborValueDecoder::read(std::string& out) {
  if (!start(Wanted::string, Kind::text)) return false;
  reader_.read_text(out);
  return reader_.ok();
}

bool CborValueDecoder::read(std::int64_t& out) {
  if (!start_number(Wanted::long_integer)) return false;
  out = reader_.peek() == Kind::integer ? reader_.read_integer() : to_integer(reader_.read_floating());
  return reader_.ok();
}

bool CborValueDecoder::read(std::int32_t& out) {
  if (!start_number(Wanted::integer)) return false;
  std::int64_t wide = 0;
  if (!read(wide)) return false;
  constexpr std::int64_t kMin = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
  out = static_cast<std::int32_t>(std::min(std::max(wide, kMin), kMax));
  return true;
}

bool CborValueDecoder::read(bool& out) {
  if (!start(Wanted::boolean, Kind::boolean)) return false;
  out = reader_.read_boolean();
  return reader_.ok();
}

bool CborValueDecoder::read(Buffer& out) {
  if (!start(Wanted::blob, Kind::bytes)) return false;
  reader_.read_bytes(out);
  return reader_.ok();
}

bool CborValueDecoder::read(WallTime& out) {
  if (!start_number(Wanted::timestamp)) return false;
  constexpr std::int64_t kMsMax = 1'000'000'000'000'000;
  if (reader_.peek() == Kind::integer)
    out = from_millis(std::min(std::max(reader_.read_integer(), -kMsMax), kMsMax));
  else
    out = time_from_number(reader_.read_floating());
  return reader_.ok();
}

bool CborValueDecoder::read(StringMap& out) {
  if (!start(Wanted::map, Kind::map)) return false;
  out.clear();
  reader_.begin_map();
  std::string key;
  std::string value;
  while (reader_.next_key(key))
    if (read(value) && out.size() < kElementsKept) out[key] = value;
  return reader_.ok();
}

bool CborValueDecoder::begin_structure() {
  if (!start(Wanted::structure, Kind::map)) return false;
  reader_.begin_map();
  return reader_.ok();
}

bool CborValueDecoder::begin_list() {
  if (!start(Wanted::list, Kind::array)) return false;
  reader_.begin_array();
  return reader_.ok();
}

}  // namespace forebay::wire::kinesis
