#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/hash_key.h"
#include "base/result.h"
#include "spool/spool.h"
#include "wire/kafka/record_batch.h"

namespace forebay::agent {

/// Hash keys of recently seen partition keys, so that MD5 runs once per key and not once per record.
/// Bounded: emptied when full.
class HashKeyCache {
 public:
  explicit HashKeyCache(std::size_t keys_max = 8'192) : keys_max_(keys_max) {}
  HashKey get(std::string_view partition_key);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::size_t keys_max_;
  std::unordered_map<std::string, HashKey, Hash, std::equal_to<>> keys_;
};

/// RecordBatch v2 bytes of one sealed batch: one part per shard range of the seal that has records, in range order.
struct BuiltBatch {
  Buffer bytes;
  std::vector<std::size_t> part_ends;
  std::uint64_t raw_bytes = 0;

  [[nodiscard]] std::vector<ByteView> parts() const;
};

/// Turns sealed batches into the bytes that travel. The seal fixes range, codec and shard ranges, so the same sealed
/// batch always gives the same bytes (rule A3). Buffers are reused.
/// Threads  one.
class BatchBuilder {
 public:
  /// Errors  corrupt: the records do not decode or are not as many as the seal says.
  Result<void> build(const spool::SealedBatch& sealed, BuiltBatch& out);

 private:
  std::size_t part_of(const std::vector<HashKeyRange>& ranges, std::string_view key);

  HashKeyCache keys_;
  std::vector<wire::kafka::RecordBatchBuilder> builders_;
  std::string last_key_;
  std::size_t last_part_ = 0;
  bool have_last_ = false;
};

}  // namespace forebay::agent
