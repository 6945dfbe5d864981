#include "spool/record_chunk.h"

#include "base/varint.h"

namespace forebay::spool {

void RecordChunk::add(std::string_view partition_key, WallTime time, ByteView data) {
  if (count_ != 0 && partition_key == last_key_) {
    write_uvarint(bytes_, 0);
  } else {
    write_uvarint(bytes_, partition_key.size() + 1);
    append(bytes_, as_bytes(partition_key));
    last_key_ = partition_key;
  }
  const std::int64_t time_ms = to_millis(time);
  // The difference wraps like the reader's sum, so that no pair of times is out of range.
  write_varint(bytes_, static_cast<std::int64_t>(static_cast<std::uint64_t>(time_ms) -
                                                 static_cast<std::uint64_t>(last_time_ms_)));
  last_time_ms_ = time_ms;
  write_uvarint(bytes_, data.size());
  append(bytes_, data);
  ++count_;
}

std::optional<RecordView> RecordChunkReader::next() {
  if (failed_ || position_ == bytes_.size()) return std::nullopt;
  const bool first = position_ == 0;
  ByteReader reader(bytes_.subspan(position_));
  const std::uint64_t key = read_uvarint(reader);
  if (key != 0) {
    last_key_ = reader.text(key - 1);
  } else if (first) {
    reader.fail();
  }
  last_time_ms_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(last_time_ms_) +
                                            static_cast<std::uint64_t>(read_varint(reader)));
  const std::uint64_t size = read_uvarint(reader);
  RecordView record{last_key_, from_millis(last_time_ms_), reader.bytes(size)};
  if (!reader.ok()) {
    failed_ = true;
    return std::nullopt;
  }
  position_ += reader.position();
  return record;
}

}  // namespace forebay::spool
