#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/units.h"

namespace forebay::spool {

/// One record inside a chunk; views point into the chunk.
struct RecordView {
  std::string_view partition_key;
  WallTime time;
  ByteView data;
};

/// Where a source stands after a chunk: opaque to the spool, kept durable with the records it covers (rule A2).
struct SourcePosition {
  std::string source;  ///< stable name of the source, e.g. the identity of a followed file; empty: none (sensors)
  Buffer position;     ///< encoded by the source
};

/// Records of one stream from one source, on their way into the spool: the unit of hand-over and one journal entry.
/// Encoded while they are read so that no record is ever an allocation. Per record: varint key length + 1, or 0 for
/// "same key as before"; key; zig-zag varint of milliseconds since the previous record; varint data length; data.
class RecordChunk {
 public:
  RecordChunk() = default;
  explicit RecordChunk(std::string stream) : stream_(std::move(stream)) {}

  void add(std::string_view partition_key, WallTime time, ByteView data);

  [[nodiscard]] const std::string& stream() const { return stream_; }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// Encoded records.
  [[nodiscard]] ByteView bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size_bytes() const { return bytes_.size(); }

  /// State of the source once these records are durable. A chunk may carry a position and no record.
  SourcePosition position;

 private:
  std::string stream_;
  Buffer bytes_;
  std::uint32_t count_ = 0;
  std::string last_key_;
  std::int64_t last_time_ms_ = 0;
};

/// Walks encoded records. next() is empty at the end; failed() tells a damaged end from a clean one.
class RecordChunkReader {
 public:
  explicit RecordChunkReader(ByteView bytes) : bytes_(bytes) {}
  std::optional<RecordView> next();
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  ByteView bytes_;
  std::size_t position_ = 0;
  std::string_view last_key_;
  std::int64_t last_time_ms_ = 0;
  bool failed_ = false;
};

}  // namespace forebay::spool
