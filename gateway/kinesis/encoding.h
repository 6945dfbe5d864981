#pragma once

#include <cstdint>
#include <string_view>

#include "wire/kinesis/shape.h"

namespace forebay::gateway::kinesis {

/// The two body encodings of the service; an answer has the encoding of its request.
enum class Encoding : std::uint8_t { json, cbor };

constexpr std::string_view content_type_of(Encoding encoding) {
  return encoding == Encoding::cbor ? wire::kinesis::kCborContentType : wire::kinesis::kJsonContentType;
}

}  // namespace forebay::gateway::kinesis
