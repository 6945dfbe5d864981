#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace forebay {

using Md5 = std::array<std::uint8_t, 16>;
using Sha256 = std::array<std::uint8_t, 32>;

/// OpenSSL behind one file. Threads  any.
Md5 md5(ByteView bytes);
Sha256 sha256(ByteView bytes);
Sha256 hmac_sha256(ByteView key, ByteView bytes);
/// SHA-256 over pieces.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;
  void update(ByteView bytes);
  /// The digest of everything so far; the object stays usable and may be updated further.
  [[nodiscard]] Sha256 digest() const;

 private:
  void* context_;
};

/// True when equal, in time that does not depend on where they differ.
bool equal_constant_time(ByteView a, ByteView b);

std::string to_hex(ByteView bytes);
/// Standard alphabet with padding.
std::string to_base64(ByteView bytes);
void append_base64(std::string& out, ByteView bytes);
/// Replaces `out`. Strict: padded, no white space, zero trailing bits. False and an unspecified `out` otherwise.
bool from_base64(std::string_view text, Buffer& out);
/// The same behind what `out` already holds; after false the added bytes are unspecified.
bool append_from_base64(std::string_view text, Buffer& out);

}  // namespace forebay
