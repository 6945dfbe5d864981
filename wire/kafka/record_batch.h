#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/hash_key.h"
#include "base/result.h"

namespace forebay::wire::kafka {

/// RecordBatch v2 (magic 2), the bytes of every segment and of every upload part. Reference: kafka 3.1-3.4.
inline constexpr std::size_t kBatchHeaderSize = 61;
/// Header bytes outside the CRC that the appender patches: base offset, batch length, leader epoch.
inline constexpr std::size_t kBatchPrefixSize = 12;
/// Record header that carries an explicit hash key: 16 bytes, big-endian.
inline constexpr std::string_view kHashKeyHeader = "forebay-hash-key";

enum class Codec : std::uint8_t { none = 0, lz4 = 3 };

struct BatchHeader {
  std::int64_t base_offset = 0;
  std::int32_t batch_length = 0;  ///< total size minus 12
  std::int32_t leader_epoch = -1;
  std::uint32_t crc = 0;
  std::uint16_t attributes = 0;
  std::int32_t last_offset_delta = 0;
  std::int64_t base_timestamp_ms = 0;
  std::int64_t max_timestamp_ms = 0;
  std::int64_t producer_id = -1;
  std::int16_t producer_epoch = -1;
  std::int32_t base_sequence = -1;
  std::int32_t record_count = 0;

  [[nodiscard]] Codec codec() const { return static_cast<Codec>(attributes & 7); }
  [[nodiscard]] std::size_t total_size() const { return static_cast<std::size_t>(batch_length) + kBatchPrefixSize; }
};

/// One record of a batch; views point into the batch or the scratch buffer.
struct BatchRecord {
  std::int32_t offset_delta = 0;
  std::int64_t timestamp_ms = 0;
  std::string_view key;
  ByteView value;
  std::optional<HashKey> explicit_hash_key;
};

/// Builds one batch. Reusable after finish().
class RecordBatchBuilder {
 public:
  void add(std::string_view key, ByteView value, std::int64_t timestamp_ms, std::optional<HashKey> explicit_hash_key = {});
  [[nodiscard]] std::int32_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// Encoded records so far, before compression.
  [[nodiscard]] std::size_t records_bytes() const { return records_.size(); }
  [[nodiscard]] std::int64_t max_timestamp_ms() const { return max_timestamp_ms_; }
  /// Appends the finished batch (base offset 0, leader epoch -1, no producer) and clears the builder.
  /// lz4 is used only when it makes the batch smaller.
  void finish(Codec codec, Buffer& out);
  void clear();

 private:
  Buffer records_;
  std::int32_t count_ = 0;
  std::int64_t base_timestamp_ms_ = 0;
  std::int64_t max_timestamp_ms_ = 0;
};

/// Reads the header only. Errors  corrupt: too short, magic is not 2, or a length that cannot be.
Result<BatchHeader> read_batch_header(ByteView bytes);

struct BatchLimits {
  std::size_t uncompressed_bytes_max = 16u << 20;
  std::size_t record_bytes_max = 10u << 20;  ///< key and value of one record
};

/// Checks everything a stored batch must hold: exactly one batch of exactly these bytes, CRC, codec none or lz4, no
/// control or transactional bits, dense offset deltas, counts, header timestamps, and every record's lengths; visits
/// the records in order on the way (a visitor that returns an error ends the walk with it).
/// `scratch` receives the decompressed records and must outlive the views.
template <class Visitor>
Result<BatchHeader> for_each_record(ByteView batch, const BatchLimits& limits, Buffer& scratch, Visitor&& visit);

/// Sets the base offset and the leader epoch of a finished batch in place; no checksum changes.
void set_base_offset(MutableBytes batch, std::int64_t base_offset, std::int32_t leader_epoch = 0);

}  // namespace forebay::wire::kafka
