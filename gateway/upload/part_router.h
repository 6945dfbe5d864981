#pragma once

#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "gateway/stream/stream_service.h"
#include "gateway/upload/key_hash_cache.h"
#include "wire/kafka/record_batch.h"

namespace forebay::gateway::upload {

/// Validates the parts of one uploaded batch and brings them to the shards of the stream's current map.
/// A part whose keys all fall in one shard is kept byte for byte; otherwise the records are grouped anew.
/// Threads  one event loop; reused from request to request, nothing is allocated per record.
class PartRouter {
 public:
  using Parts = std::vector<stream::LaneBatch::Part>;

  /// Forgets how much was unpacked: call it once per request.
  void begin_request() { unpacked_bytes_ = 0; }

  /// `records` is what the parts must hold together.
  /// Errors  corrupt, invalid_argument, too_large, unsupported: the batch can never be stored, the text says why;
  ///         unavailable: the request unpacks to more than one request may, ask again later.
  Result<Parts> route(const stream::Stream& stream, std::span<const ByteView> parts, std::uint64_t records);

  /// Gives back memory that one large request needed.
  void trim();

 private:
  struct Checked {
    const stream::Shard* shard = nullptr;  ///< of the first record
    bool mixed = false;                    ///< some record belongs to another shard
    wire::kafka::BatchHeader header;
  };
  Result<Checked> check(const stream::Stream& stream, ByteView part);
  Result<HashKey> hash_of(const wire::kafka::BatchRecord& record);
  Result<Parts> regroup(const stream::Stream& stream, std::span<const ByteView> parts);
  [[nodiscard]] wire::kafka::BatchLimits limits_for(const stream::Stream& stream) const;

  KeyHashCache keys_;
  Buffer scratch_;
  std::size_t unpacked_bytes_ = 0;
};

}  // namespace forebay::gateway::upload
