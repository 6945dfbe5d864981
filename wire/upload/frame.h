#pragma once

#include <cstddef>
#include <cstdint>

/// First bytes of every upload message: 'F' 'B' 'U', the kind, the format version.
namespace forebay::wire::upload {

enum class Kind : std::uint8_t {
  open_request = 'o',
  open_reply = 'O',
  batches_request = 'b',
  batches_reply = 'B',
  close_request = 'c',
};

inline constexpr std::uint8_t kFormatVersion = 1;
inline constexpr std::size_t kFrameSize = 5;

}  // namespace forebay::wire::upload
