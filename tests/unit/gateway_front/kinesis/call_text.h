#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "gateway/kinesis/encoding.h"

namespace forebay::gateway::test {

/// True for members whose value is a moment: tests write them in seconds or milliseconds (above 10^11).
bool is_timestamp_member(std::string_view name);
/// True for members whose value is data: tests write them as base64.
bool is_blob_member(std::string_view name);

/// The body of a request in an encoding: blobs and timestamps take its form, values of other types stay what they are.
std::string encode_body(const nlohmann::json& request, kinesis::Encoding encoding);

/// An answer of either encoding in one form: blobs as base64 texts, timestamps in whole milliseconds. A discarded value
/// when the body is not of the encoding.
nlohmann::json decode_body(std::string_view body, kinesis::Encoding encoding);

}  // namespace forebay::gateway::test
