#pragma once

#include <algorithm>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "gateway/log/key_ring.h"

namespace forebay::gateway::log {

/// How one stored batch is encrypted: what its row and its journal entry say beside the bytes.
struct Seal {
  static constexpr std::size_t kSize = 4 + kGcmNonceSize + kGcmTagSize;

  KeyId key;  ///< kNoKey: the batch is stored as it is
  GcmNonce nonce{};
  GcmTag tag{};

  [[nodiscard]] bool is_set() const { return key != kNoKey; }
  friend bool operator==(const Seal&, const Seal&) = default;
};

inline void write_seal(ByteWriter& writer, const Seal& seal) {
  writer.u32_le(seal.key.value());
  writer.bytes(seal.nonce);
  writer.bytes(seal.tag);
}

/// Too few bytes fail the reader.
inline Seal read_seal(ByteReader& reader) {
  Seal seal;
  seal.key = KeyId(reader.u32_le());
  const ByteView nonce = reader.bytes(seal.nonce.size());
  std::copy(nonce.begin(), nonce.end(), seal.nonce.begin());
  const ByteView tag = reader.bytes(seal.tag.size());
  std::copy(tag.begin(), tag.end(), seal.tag.begin());
  return seal;
}

}  // namespace forebay::gateway::log
