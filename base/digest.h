#pragma once

#include <array>

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

}  // namespace forebay
