#include "tests/unit/gateway_front/kinesis/call_text.h"

#include <cmath>

#include "base/base64.h"
#include "wire/kinesis/cbor_reader.h"
#include "wire/kinesis/cbor_text.h"

namespace forebay::gateway::test {
using kinesis::Encoding;
using nlohmann::json;

namespace {
constexpr double kMillisAbove = 1e11;

std::int64_t millis_of(const json& value) {
  const auto number = value.get<double>();
  return std::llround(number > kMillisAbove ? number : number * 1000);
}

json json_form(const json& value, std::string_view name) {
  if (is_timestamp_member(name) && value.is_number()) return static_cast<double>(millis_of(value)) / 1000;
  json out = value;
  if (value.is_object())
    for (auto& [key, member] : out.items()) member = json_form(member, key);
  if (value.is_array())
    for (auto& member : out) member = json_form(member, "");
  return out;
}

void append_cbor(std::string& out, const json& value, std::string_view name) {
  namespace cbor = wire::kinesis;
  if (is_timestamp_member(name) && value.is_number())
    return cbor::append_cbor_timestamp(out, from_millis(millis_of(value)));
  if (is_blob_member(name) && value.is_string()) {
    Buffer bytes;
    from_base64(value.get<std::string>(), bytes);
    return cbor::append_cbor_bytes(out, bytes);
  }
  if (value.is_object()) {
    out += cbor::kCborMap;
    for (const auto& [key, member] : value.items()) {
      cbor::append_cbor_text(out, key);
      append_cbor(out, member, key);
    }
    out += cbor::kCborBreak;
  } else if (value.is_array()) {
    out += cbor::kCborArray;
    for (const auto& member : value) append_cbor(out, member, "");
    out += cbor::kCborBreak;
  } else if (value.is_string()) {
    cbor::append_cbor_text(out, value.get<std::string>());
  } else {
    const auto bytes = json::to_cbor(value);
    out.append(bytes.begin(), bytes.end());
  }
}

/// Timestamps of CBOR answers are milliseconds already.
json common_form(const json& value, std::string_view name, Encoding encoding) {
  if (is_timestamp_member(name) && value.is_number())
    return encoding == Encoding::cbor ? value : json(millis_of(value));
  if (is_blob_member(name)) {
    if (encoding == Encoding::json) return value;
    return value.is_binary() ? json(to_base64(value.get_binary())) : json("not a byte string");
  }
  json out = value;
  if (value.is_object())
    for (auto& [key, member] : out.items()) member = common_form(member, key, encoding);
  if (value.is_array())
    for (auto& member : out) member = common_form(member, "", encoding);
  return out;
}
/// The JSON library refuses the tag of times.
json from_cbor(wire::kinesis::CborReader& in) {
  using Kind = wire::kinesis::CborReader::Kind;
  std::string text;
  Buffer bytes;
  json out;
  switch (in.peek()) {
    case Kind::boolean: return in.read_boolean();
    case Kind::integer: return in.read_integer();
    case Kind::floating: return in.read_floating();
    case Kind::text: in.read_text(text); return text;
    case Kind::bytes: in.read_bytes(bytes); return json::binary(std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
    case Kind::array:
      out = json::array();
      in.begin_array();
      while (in.next_element()) out.push_back(from_cbor(in));
      return out;
    case Kind::map:
      out = json::object();
      in.begin_map();
      while (in.next_key(text)) {
        json member = from_cbor(in);
        out[text] = std::move(member);
      }
      return out;
    default: in.skip(); return nullptr;
  }
}
}  // namespace

bool is_timestamp_member(std::string_view name) {
  return name.ends_with("Timestamp") || name == "StartedAt" || name == "EndedAt" || name == "EarliestAllowedEndAt";
}
bool is_blob_member(std::string_view name) { return name == "Data"; }

std::string encode_body(const json& request, Encoding encoding) {
  if (encoding == Encoding::json) return json_form(request, "").dump();
  std::string out;
  append_cbor(out, request, "");
  return out;
}

json decode_body(std::string_view body, Encoding encoding) {
  json value(json::value_t::discarded);
  if (encoding == Encoding::json) {
    value = json::parse(body, nullptr, false);
  } else {
    wire::kinesis::CborReader in(as_bytes(body));
    json read = from_cbor(in);
    if (in.ok() && in.at_end()) value = std::move(read);
  }
  return value.is_discarded() ? value : common_form(value, "", encoding);
}

}  // namespace forebay::gateway::test
