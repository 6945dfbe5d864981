#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace forebay {

/// A secret of 256 bits. Its memory is overwritten when it goes.
class CipherKey {
 public:
  static constexpr std::size_t kSize = 32;

  CipherKey() = default;
  /// Shape  exactly kSize bytes.
  explicit CipherKey(ByteView bytes);
  CipherKey(const CipherKey&) = default;
  CipherKey& operator=(const CipherKey&) = default;
  ~CipherKey();

  [[nodiscard]] ByteView bytes() const { return bytes_; }

 private:
  std::array<std::uint8_t, kSize> bytes_{};
};

/// Text of a key file: 64 hexadecimal digits, or base64 of 32 bytes; white space around it is allowed.
/// Errors  invalid_argument, without a word of the content.
Result<CipherKey> parse_cipher_key(std::string_view text);
/// Overwrites bytes that held a secret.
void wipe(MutableBytes bytes);

/// Another key of the same strength, told apart by `info` (HKDF-SHA256 without salt, RFC 5869).
CipherKey derive_key(const CipherKey& key, ByteView info);

inline constexpr std::size_t kGcmNonceSize = 12;
inline constexpr std::size_t kGcmTagSize = 16;
using GcmNonce = std::array<std::uint8_t, kGcmNonceSize>;
using GcmTag = std::array<std::uint8_t, kGcmTagSize>;

/// AES-256-GCM in place. A nonce must never be used twice with one key. `bound` is authenticated, not encrypted.
/// Threads  any.
GcmTag gcm_encrypt(const CipherKey& key, const GcmNonce& nonce, ByteView bound, MutableBytes bytes);
/// False when the tag does not fit; the bytes are zero then.
bool gcm_decrypt(const CipherKey& key, const GcmNonce& nonce, ByteView bound, MutableBytes bytes, const GcmTag& tag);

}  // namespace forebay
