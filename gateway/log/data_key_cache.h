#pragma once

#include <map>
#include <mutex>
#include <tuple>

#include "base/cipher.h"
#include "gateway/log/identifiers.h"
#include "gateway/log/key_ring.h"

namespace forebay::gateway::log {

/// Data keys that were derived lately, so that a batch costs no derivation.
/// Threads  any.
class DataKeyCache {
 public:
  /// The key of one stream's batches written under one run number. `master` is the key with the id `id`.
  CipherKey get(KeyId id, const CipherKey& master, StreamId stream, std::uint64_t run);

 private:
  static constexpr std::size_t kKeysMax = 4096;
  std::mutex mutex_;
  std::map<std::tuple<KeyId, StreamId, std::uint64_t>, CipherKey> keys_;
};

}  // namespace forebay::gateway::log
