#include "wire/kafka/record_batch.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "base/compression.h"
#include "base/crc32c.h"

namespace forebay::wire::kafka {
namespace {

constexpr std::uint8_t kMagic = 2;
constexpr std::size_t kCrcStart = 21;
constexpr std::uint16_t kCodecBits = 7;

/// Reads a zig-zag varint of at most `Bytes` bytes: Kafka's readers take five for 32-bit fields, ten for 64-bit ones.
template <int Bytes>
bool take_varint(const std::uint8_t*& p, const std::uint8_t* end, std::int64_t& value) {
  std::uint64_t raw = 0;
  for (int i = 0; i < Bytes; ++i) {
    if (p == end) return false;
    const std::uint8_t byte = *p++;
    if (Bytes == 10 && i == 9 && byte > 1) return false;
    raw |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      if (Bytes == 5 && raw > 0xffffffffu) return false;
      value = static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1);
      return true;
    }
  }
  return false;
}

/// A length and that many bytes; `null` when the length is -1.
bool take_field(const std::uint8_t*& p, const std::uint8_t* end, ByteView& field, bool& null) {
  std::int64_t size = 0;
  if (!take_varint<5>(p, end, size) || size < -1 || size > end - p) return false;
  null = size == -1;
  if (null) size = 0;
  field = ByteView(p, static_cast<std::size_t>(size));
  p += size;
  return true;
}

/// What the strictest reader (Java) demands of the frame and liblz4 does not check: version 1, independent blocks, no
/// dictionary, block size code 4 to 7.
Result<void> check_lz4_frame(ByteView frame) {
  constexpr std::uint8_t kMagicBytes[4] = {0x04, 0x22, 0x4d, 0x18};
  if (frame.size() < 7 || !std::equal(kMagicBytes, kMagicBytes + 4, frame.begin()))
    return Error{Errc::corrupt, "record batch: records are not an lz4 frame"};
  const std::uint8_t flags = frame[4];
  const std::uint8_t block = frame[5];
  if ((flags & 0xc0) != 0x40) return Error{Errc::unsupported, "record batch: lz4 frame version is not 1"};
  if ((flags & 0x20) == 0)
    return Error{Errc::unsupported, "record batch: lz4 frame has linked blocks; write it with independent blocks"};
  if ((flags & 0x03) != 0 || (block & 0x8f) != 0 || (block >> 4) < 4)
    return Error{Errc::unsupported,
                 "record batch: lz4 frame with a dictionary, reserved bits or an unknown block size"};
  return {};
}

Result<ByteView> records_of(ByteView batch, const BatchHeader& header, std::size_t size_max, Buffer& scratch) {
  const ByteView stored = batch.subspan(kBatchHeaderSize);
  if (header.codec() == Codec::lz4) {
    FB_CHECK(check_lz4_frame(stored));
    scratch.clear();
    if (auto done = lz4_frame_decompress(stored, size_max, scratch); !done)
      return std::move(done).error().with_context("record batch");
    return ByteView(scratch);
  }
  if (stored.size() > size_max)
    return Error{Errc::too_large, "record batch: " + std::to_string(stored.size()) + " bytes of records, at most " +
                                      std::to_string(size_max) + " are allowed"};
  return stored;
}

Error header_error(Errc code, std::string what) { return Error{code, "record batch: " + std::move(what)}; }

}  // namespace

Result<BatchHeader> read_batch_header(ByteView bytes) {
  if (bytes.size() < kBatchHeaderSize)
    return header_error(Errc::corrupt, std::to_string(bytes.size()) + " bytes, a header has 61");
  ByteReader reader(bytes);
  BatchHeader header;
  header.base_offset = reader.i64_be();
  header.batch_length = reader.i32_be();
  header.leader_epoch = reader.i32_be();
  const std::uint8_t magic = reader.u8();
  header.crc = reader.u32_be();
  header.attributes = reader.u16_be();
  header.last_offset_delta = reader.i32_be();
  header.base_timestamp_ms = reader.i64_be();
  header.max_timestamp_ms = reader.i64_be();
  header.producer_id = reader.i64_be();
  header.producer_epoch = static_cast<std::int16_t>(reader.u16_be());
  header.base_sequence = reader.i32_be();
  header.record_count = reader.i32_be();
  if (magic != kMagic) return header_error(Errc::corrupt, "magic is " + std::to_string(magic) + ", not 2");
  if (header.batch_length < static_cast<std::int32_t>(kBatchHeaderSize - kBatchPrefixSize))
    return header_error(Errc::corrupt,
                        "batch length " + std::to_string(header.batch_length) + " is less than a header");
  return header;
}

Result<BatchHeader> check_batch_envelope(ByteView batch) {
  FB_TRY(const BatchHeader header, read_batch_header(batch));
  if (header.total_size() != batch.size())
    return header_error(Errc::corrupt, "says it has " + std::to_string(header.total_size()) + " bytes, " +
                                           std::to_string(batch.size()) + " are here");
  if (crc32c(batch.subspan(kCrcStart)) != header.crc) return header_error(Errc::corrupt, "checksum does not match");
  if ((header.attributes & ~kCodecBits) != 0)
    return header_error(Errc::unsupported, "attributes " + std::to_string(header.attributes) +
                                               ": transactional, control and log-append-time batches are not stored");
  if (header.codec() != Codec::none && header.codec() != Codec::lz4)
    return header_error(Errc::unsupported, "codec " + std::to_string(header.attributes & kCodecBits) +
                                               "; only none (0) and lz4 (3) are stored");
  if (header.record_count <= 0 || header.last_offset_delta != header.record_count - 1)
    return header_error(Errc::corrupt, "record count " + std::to_string(header.record_count) +
                                           " does not fit last offset delta " +
                                           std::to_string(header.last_offset_delta));
  if (header.base_timestamp_ms < 0 || header.max_timestamp_ms < header.base_timestamp_ms)
    return header_error(Errc::corrupt, "timestamps " + std::to_string(header.base_timestamp_ms) + " and " +
                                           std::to_string(header.max_timestamp_ms) + " are not in order");
  return header;
}

Result<RecordCursor> RecordCursor::open(ByteView batch, const BatchLimits& limits, Buffer& scratch) {
  FB_TRY(const BatchHeader header, check_batch_envelope(batch));
  FB_TRY(const ByteView records, records_of(batch, header, limits.uncompressed_bytes_max, scratch));
  return RecordCursor(header, records, limits.record_bytes_max);
}

bool RecordCursor::stop(const char* problem, Errc code) {
  problem_ = problem;
  problem_code_ = code;
  at_ = end_;
  return false;
}

bool RecordCursor::next(BatchRecord& record) {
  if (problem_ != nullptr || index_ == header_.record_count) return false;
  const std::uint8_t* p = at_;
  std::int64_t size = 0;
  if (!take_varint<5>(p, end_, size) || size < 0 || size > end_ - p) return stop("its length is wrong");
  const std::uint8_t* const end = p + size;
  if (p == end || *p++ != 0) return stop("its attributes are not zero");
  std::int64_t timestamp_delta = 0;
  std::int64_t offset_delta = 0;
  if (!take_varint<10>(p, end, timestamp_delta)) return stop("its timestamp is cut off");
  if (!take_varint<5>(p, end, offset_delta) || offset_delta != index_) return stop("its offset delta is not its index");
  if (__builtin_add_overflow(header_.base_timestamp_ms, timestamp_delta, &record.timestamp_ms) ||
      record.timestamp_ms < 0)
    return stop("its timestamp is out of range");
  ByteView key;
  bool null = false;
  if (!take_field(p, end, key, null)) return stop("its key length is wrong");
  if (null) return stop("its key is null; every stored record has a partition key");
  if (!take_field(p, end, record.value, null)) return stop("its value length is wrong");
  if (key.size() + record.value.size() > record_bytes_max_) return stop("it is over the record limit", Errc::too_large);
  record.key = as_text(key);
  record.offset_delta = index_;
  record.explicit_hash_key.reset();
  // Nearly every record has no headers: one zero byte.
  if (end - p != 1 || *p != 0) {
    if (!read_headers(p, end, record)) return stop("its headers are wrong");
  }
  at_ = end;
  max_timestamp_ms_ = std::max(max_timestamp_ms_, record.timestamp_ms);
  ++index_;
  return true;
}

bool RecordCursor::read_headers(const std::uint8_t*& p, const std::uint8_t* end, BatchRecord& record) {
  std::int64_t count = 0;
  // A header takes at least two bytes, which bounds the loop by the record's own size.
  if (!take_varint<5>(p, end, count) || count < 0 || count > (end - p) / 2) return false;
  for (; count > 0; --count) {
    ByteView name;
    ByteView value;
    bool null = false;
    if (!take_field(p, end, name, null) || null || !take_field(p, end, value, null)) return false;
    if (as_text(name) != kHashKeyHeader) continue;
    if (value.size() != 16 || record.explicit_hash_key) return false;
    ByteReader reader(value);
    const std::uint64_t high = reader.u64_be();
    record.explicit_hash_key = HashKey{high, reader.u64_be()};
  }
  return p == end;
}

Result<void> RecordCursor::finish() const {
  if (problem_ != nullptr)
    return Error{problem_code_, "record batch: record " + std::to_string(index_) + ": " + problem_};
  FB_ASSERT(index_ == header_.record_count);
  if (at_ != end_) return header_error(Errc::corrupt, std::to_string(end_ - at_) + " bytes follow the last record");
  if (max_timestamp_ms_ != header_.max_timestamp_ms)
    return header_error(Errc::corrupt, "largest timestamp is " + std::to_string(max_timestamp_ms_) +
                                           ", the header says " + std::to_string(header_.max_timestamp_ms));
  return {};
}

void set_base_offset(MutableBytes batch, std::int64_t base_offset, std::int32_t leader_epoch) {
  FB_ASSERT(batch.size() >= kBatchHeaderSize);
  for (std::size_t i = 0; i < 8; ++i)
    batch[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(base_offset) >> (56 - 8 * i));
  for (int i = 0; i < 4; ++i)
    batch[kBatchPrefixSize + static_cast<std::size_t>(i)] =
        static_cast<std::uint8_t>(static_cast<std::uint32_t>(leader_epoch) >> (24 - 8 * i));
}

}  // namespace forebay::wire::kafka
