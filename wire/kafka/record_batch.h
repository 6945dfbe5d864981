#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

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
  friend bool operator==(const BatchHeader&, const BatchHeader&) = default;
};

/// One record of a batch; views point into the batch or the scratch buffer.
struct BatchRecord {
  std::int32_t offset_delta = 0;
  std::int64_t timestamp_ms = 0;
  std::string_view key;
  ByteView value;
  std::optional<HashKey> explicit_hash_key;
};

/// Builds one batch. Reusable after finish(); its memory is kept, so that a running builder allocates nothing.
/// Threads  one.
class RecordBatchBuilder {
 public:
  /// Shape    key and value together at most 1 GiB; a batch stays below 2 GiB.
  /// Units    timestamp: UTC milliseconds; one before 1970 is stored as 0, because readers take -1 for "none".
  void add(std::string_view key, ByteView value, std::int64_t timestamp_ms,
           std::optional<HashKey> explicit_hash_key = {});
  [[nodiscard]] std::int32_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// Encoded records so far, before compression.
  [[nodiscard]] std::size_t records_bytes() const { return records_.size(); }
  [[nodiscard]] std::int64_t max_timestamp_ms() const { return max_timestamp_ms_; }
  /// Appends the finished batch (base offset 0, leader epoch -1, no producer) and clears the builder.
  /// Shape    at least one record was added. lz4 is used only when it makes the batch smaller.
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

/// Checks what the header and the checksum tell without touching the records: `batch` is exactly one batch, CRC right,
/// codec none or lz4, no other attribute, at least one record, last offset delta = count - 1, timestamps in order.
/// Errors  corrupt; unsupported: a codec or attribute that stored batches never have.
Result<BatchHeader> check_batch_envelope(ByteView batch);

struct BatchLimits {
  std::size_t uncompressed_bytes_max = 16u << 20;
  std::size_t record_bytes_max = 10u << 20;  ///< key and value of one record
};

/// Walks the records of one batch in order and checks each. Most callers want for_each_record(); readers that stop
/// early or keep their place use this.
/// Owner    the batch and the scratch buffer are borrowed while the cursor and the views it gave are in use.
class RecordCursor {
 public:
  /// check_batch_envelope(), then decompresses into `scratch` when needed, never more than the limit.
  static Result<RecordCursor> open(ByteView batch, const BatchLimits& limits, Buffer& scratch);

  [[nodiscard]] const BatchHeader& header() const { return header_; }
  /// Moves to the next record. False after the last one and at the first damaged one; finish() tells them apart.
  bool next(BatchRecord& record);
  /// After next() gave false.
  /// Success  all records were seen, nothing follows them, and the header's largest timestamp is theirs.
  /// Errors   corrupt: with the number of the record; too_large: a record over the limit.
  Result<void> finish() const;

 private:
  RecordCursor(const BatchHeader& header, ByteView records, std::size_t record_bytes_max)
      : header_(header),
        at_(records.data()),
        end_(records.data() + records.size()),
        record_bytes_max_(record_bytes_max) {}
  bool stop(const char* problem, Errc code = Errc::corrupt);
  bool read_headers(const std::uint8_t*& p, const std::uint8_t* end, BatchRecord& record);

  BatchHeader header_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  std::size_t record_bytes_max_;
  std::int32_t index_ = 0;  ///< of the next record
  std::int64_t max_timestamp_ms_ = -1;
  const char* problem_ = nullptr;
  Errc problem_code_ = Errc::corrupt;
};

/// Checks everything a stored batch must hold: exactly one batch of exactly these bytes, CRC, codec none or lz4, no
/// control or transactional bits, dense offset deltas, counts, header timestamps, and every record's lengths; visits
/// the records in order on the way. The visitor returns void or Result<void>; an error ends the walk with it.
/// A null key is refused (stored keys are never null); a null value reads as an empty one.
/// `scratch` receives the decompressed records and must outlive the views.
/// Errors  corrupt, unsupported, too_large, or the visitor's. Records before the damaged one have been visited then.
template <class Visitor>
Result<BatchHeader> for_each_record(ByteView batch, const BatchLimits& limits, Buffer& scratch, Visitor&& visit) {
  FB_TRY(RecordCursor cursor, RecordCursor::open(batch, limits, scratch));
  BatchRecord record;
  while (cursor.next(record)) {
    if constexpr (std::is_void_v<std::invoke_result_t<Visitor&, const BatchRecord&>>)
      visit(std::as_const(record));
    else
      FB_CHECK(visit(std::as_const(record)));
  }
  FB_CHECK(cursor.finish());
  return cursor.header();
}

/// Sets the base offset and the leader epoch of a finished batch in place; no checksum changes.
void set_base_offset(MutableBytes batch, std::int64_t base_offset, std::int32_t leader_epoch = 0);

}  // namespace forebay::wire::kafka
