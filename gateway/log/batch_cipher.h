#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "base/entropy.h"
#include "gateway/log/data_key_cache.h"
#include "gateway/log/directory.h"
#include "gateway/log/published.h"
#include "gateway/log/segment_rows.h"
#include "gateway/log/submission.h"

namespace forebay::gateway::log {

/// Encrypts batches on their way to the sequencer and decrypts them on their way from segments and journal; nothing
/// else knows of encryption but where the bytes lie. A batch is encrypted once: its journal entry and its segment hold
/// the same bytes. docs/formats/segment.md section 1.
/// Threads  follow(): one at a time (recovery, then the sequencer); the rest: any.
class BatchCipher {
 public:
  /// `keys` may be null: none were given.
  BatchCipher(std::shared_ptr<const KeyRing> keys, Entropy& entropy);

  [[nodiscard]] const KeyRing& keys() const { return *keys_; }
  /// Takes over which streams are encrypted with which keys.
  void follow(const Directory& directory);
  /// Encrypts the batches of a put or an upload into streams that are encrypted; other work passes untouched. A lane
  /// whose stream's key is missing is marked as locked. Errors  permission: the key of a put's stream is missing,
  /// named.
  Result<void> seal(Work& work);
  /// Decrypts a stored batch in place.
  /// Errors  permission: the key is missing, named; corrupt: these are not the bytes that were sealed for this place.
  Result<void> open(ShardId shard, const SegmentRow& row, MutableBytes batch) const;
  /// Success  the key is here. Errors  permission, naming stream and key.
  Result<void> require(StreamId stream, KeyId key) const;

 private:
  struct StreamKey {
    std::string name;
    KeyId key;  ///< of what is appended
  };
  using StreamKeys = std::map<StreamId, StreamKey>;

  void seal_parts(StreamId stream, KeyId key, std::vector<BatchPart>& parts);
  GcmNonce next_nonce();

  std::shared_ptr<const KeyRing> keys_;
  Published<StreamKeys> streams_;  ///< those that are or were encrypted
  std::atomic<bool> used_{false};  ///< streams_ is not empty
  const std::uint64_t run_;        ///< random: with the count below no nonce comes twice under one data key
  std::atomic<std::uint64_t> count_{0};
  mutable DataKeyCache data_keys_;
};

}  // namespace forebay::gateway::log
