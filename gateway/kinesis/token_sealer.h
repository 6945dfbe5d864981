#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/entropy.h"
#include "base/file_system.h"
#include "base/result.h"
#include "base/units.h"

namespace forebay::gateway::kinesis {

/// Seals what clients carry around for us (shard iterators, next tokens) with a key of this gateway, so that it can be
/// neither made nor changed elsewhere. Every seal differs, also of the same content.
/// Threads  any (immutable).
class TokenSealer {
 public:
  enum class Kind : std::uint8_t { iterator = 1, shards_page = 2, streams_page = 3, consumers_page = 4 };
  struct Opened {
    WallTime issued;
    Buffer content;
  };

  explicit TokenSealer(Sha256 key) : key_(key) {}

  /// Base64 text. `nonce` makes it differ from others.
  [[nodiscard]] std::string seal(Kind kind, WallTime issued, std::uint64_t nonce, ByteView content) const;
  /// Empty when it was not sealed here, or as another kind. Double quotes around it are tolerated.
  [[nodiscard]] std::optional<Opened> open(Kind kind, std::string_view token) const;

 private:
  Sha256 key_;
};

/// Life of every token.
inline constexpr Milliseconds kTokenLife{300'000};

/// Reads the sealing key, or makes it at the first start; mode 0600.
Result<Sha256> load_token_key(FileSystem& files, Entropy& entropy, const std::string& path);

}  // namespace forebay::gateway::kinesis
