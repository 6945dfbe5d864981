#include "wire/kinesis/protobuf_reader.h"

namespace forebay::wire::kinesis {

bool ProtobufReader::next() {
  if (!reader_.ok() || reader_.at_end()) return false;
  constexpr std::uint64_t kFieldMax = (1u << 29) - 1;
  const std::uint64_t key = read_uvarint(reader_);
  number_ = key >> 3;
  type_ = static_cast<WireType>(key & 7);
  switch (type_) {
    case WireType::varint: varint_ = read_uvarint(reader_); break;
    case WireType::fixed64: bytes_ = reader_.bytes(8); break;
    case WireType::bytes: {
      const std::uint64_t size = read_uvarint(reader_);
      // Compared before the size is narrowed on 32-bit machines.
      if (size > reader_.remaining())
        reader_.fail();
      else
        bytes_ = reader_.bytes(static_cast<std::size_t>(size));
      break;
    }
    case WireType::fixed32: bytes_ = reader_.bytes(4); break;
    default: reader_.fail();  // groups
  }
  if (number_ == 0 || number_ > kFieldMax) reader_.fail();
  return reader_.ok();
}

std::uint64_t ProtobufReader::varint() {
  if (type_ != WireType::varint) reader_.fail();
  return varint_;
}

ByteView ProtobufReader::bytes() {
  if (type_ != WireType::bytes) reader_.fail();
  return bytes_;
}

}  // namespace forebay::wire::kinesis
