#include "gateway/delivery/objects/hive_value.h"

#include <charconv>
#include <cmath>
#include <utility>

#include "base/base64.h"
#include "base/byte_writer.h"
#include "gateway/delivery/objects/compact_json.h"
#include "wire/kinesis/json_text.h"

namespace forebay::gateway::delivery {
namespace {

using wire::kinesis::JsonReader;

constexpr double kMillisFrom = 1e11;  // seconds up to the year 5138; a larger number can only be milliseconds
constexpr double kMicrosMax = 9.2e18;

bool is_number(std::string_view text) {
  JsonReader in(text);
  return in.peek() == JsonReader::Kind::number && !in.read_number().empty() && in.at_end();
}

/// Text of a number or of a string; empty text for values of other kinds, which are read over.
std::string scalar_text(JsonReader& in) {
  std::string text;
  switch (in.peek()) {
    case JsonReader::Kind::number: text = in.read_number(); break;
    case JsonReader::Kind::string: in.read_string(text); break;
    default: in.skip();
  }
  return text;
}

template <class T>
std::string read_integer(JsonReader& in, ByteWriter& out) {
  const std::string text = scalar_text(in);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::in_range<T>(value))
    return "no whole number that fits";
  for (std::size_t i = 0; i < sizeof(T); ++i) out.u8(static_cast<std::uint8_t>(value >> (8 * i)));
  return {};
}

template <class T, class Bits>
std::string read_real(JsonReader& in, ByteWriter& out) {
  const std::string text = scalar_text(in);
  T value = 0;
  if (!is_number(text)) return "no number";
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() && std::abs(wire::kinesis::json_number(text)) > 1) return "a number that does not fit";
  const Bits bits = std::bit_cast<Bits>(value);
  for (std::size_t i = 0; i < sizeof(T); ++i) out.u8(static_cast<std::uint8_t>(bits >> (8 * i)));
  return {};
}

std::string read_boolean(JsonReader& in, ByteWriter& out) {
  bool value = false;
  if (in.peek() == JsonReader::Kind::boolean) {
    value = in.read_boolean();
  } else {
    const std::string text = scalar_text(in);
    value = text == "true";
    if (!value && text != "false") return "neither true nor false";
  }
  out.u8(value ? 1 : 0);
  return {};
}

std::string read_timestamp(JsonReader& in, ByteWriter& out) {
  const bool number = in.peek() == JsonReader::Kind::number;
  const std::string text = scalar_text(in);
  if (!number) {
    const auto micros = parse_hive_timestamp(text);
    if (!micros) return "no time like 2026-01-02 03:04:05.678";
    out.i64_le(*micros);
    return {};
  }
  const double value = wire::kinesis::json_number(text);
  const double micros = std::round(value * (std::abs(value) >= kMillisFrom ? 1e3 : 1e6));
  if (!(std::abs(micros) < kMicrosMax)) return "no time that fits";
  out.i64_le(static_cast<std::int64_t>(micros));
  return {};
}

std::string read_date(JsonReader& in, ByteWriter& out) {
  const auto days = parse_hive_date(scalar_text(in));
  if (!days) return "no date like 2026-01-02";
  out.u32_le(static_cast<std::uint32_t>(*days));
  return {};
}

std::string read_decimal(JsonReader& in, const HiveType& type, ByteWriter& out) {
  const auto value = parse_hive_decimal(scalar_text(in), type.precision, type.scale);
  if (!value) return "no number of at most " + std::to_string(type.precision) + " digits";
  out.u64_le(static_cast<std::uint64_t>(*value));
  out.u64_le(static_cast<std::uint64_t>(*value >> 64));
  return {};
}

std::string read_text(JsonReader& in, ByteWriter& out) {
  std::string text;
  if (in.peek() == JsonReader::Kind::string)
    in.read_string(text);
  else
    append_compact_json(in, text);
  out.text(text);
  return {};
}

std::string read_binary(JsonReader& in, Buffer& out) {
  std::string text;
  if (in.peek() != JsonReader::Kind::string) {
    in.skip();
    return "no string of base64";
  }
  in.read_string(text);
  return append_from_base64(text, out) ? "" : "no string of base64";
}

}  // namespace

std::string read_hive_value(JsonReader& in, const HiveType& type, Buffer& out) {
  ByteWriter writer(out);
  switch (type.type) {
    case FOREBAY_PARQUET_STRING: return read_text(in, writer);
    case FOREBAY_PARQUET_BINARY: return read_binary(in, out);
    case FOREBAY_PARQUET_INT8: return read_integer<std::int8_t>(in, writer);
    case FOREBAY_PARQUET_INT16: return read_integer<std::int16_t>(in, writer);
    case FOREBAY_PARQUET_INT32: return read_integer<std::int32_t>(in, writer);
    case FOREBAY_PARQUET_INT64: return read_integer<std::int64_t>(in, writer);
    case FOREBAY_PARQUET_FLOAT: return read_real<float, std::uint32_t>(in, writer);
    case FOREBAY_PARQUET_DOUBLE: return read_real<double, std::uint64_t>(in, writer);
    case FOREBAY_PARQUET_BOOLEAN: return read_boolean(in, writer);
    case FOREBAY_PARQUET_TIMESTAMP: return read_timestamp(in, writer);
    case FOREBAY_PARQUET_DATE: return read_date(in, writer);
    case FOREBAY_PARQUET_DECIMAL: return read_decimal(in, type, writer);
  }
  return "a type this program does not know";
}

}  // namespace forebay::gateway::delivery
