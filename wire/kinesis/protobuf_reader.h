#pragma once

#include <optional>

#include "base/byte_reader.h"
#include "base/bytes.h"
#include "base/varint.h"

namespace forebay::wire::kinesis {

/// Cursor over the fields of one protobuf message. Usage: while (reader.next()) look at number() and take one of the
/// values; fields not asked for are passed over. ok() tells afterwards whether the message was well-formed.
class ProtobufReader {
 public:
  explicit ProtobufReader(ByteView message) : reader_(message) {}

  [[nodiscard]] bool ok() const { return reader_.ok(); }
  /// Moves to the next field; false at the end and at a mistake.
  bool next();
  [[nodiscard]] std::uint64_t number() const { return number_; }
  /// Value of a varint field; another type is a mistake.
  std::uint64_t varint();
  /// Content of a string, bytes or message field; another type is a mistake.
  ByteView bytes();

 private:
  enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

  ByteReader reader_;
  std::uint64_t number_ = 0;
  WireType type_ = WireType::varint;
  std::uint64_t varint_ = 0;
  ByteView bytes_;
};

}  // namespace forebay::wire::kinesis
