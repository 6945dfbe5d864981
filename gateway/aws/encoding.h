#pragma once

#include <cstdint>
#include <string_view>

#include "wire/kinesis/shape.h"

/// What the fronts of AWS services share: bodies and errors of JSON 1.1, the front door, permissions.
namespace forebay::gateway::aws {

/// The two body encodings of the services; an answer has the encoding of its request.
enum class Encoding : std::uint8_t { json, cbor };

constexpr std::string_view content_type_of(Encoding encoding) {
  return encoding == Encoding::cbor ? wire::kinesis::kCborContentType : wire::kinesis::kJsonContentType;
}

}  // namespace forebay::gateway::aws
