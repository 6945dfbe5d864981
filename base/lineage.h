#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace forebay {

/// Identity of one run of appends to one spool or journal (reliability 4.2). Every open-for-append makes a new one;
/// it is appended to by exactly one process run, ever.
struct Lineage {
  std::array<std::uint8_t, 16> root{};  ///< random, made with the directory
  std::uint64_t ordinal = 0;            ///< counts opens of this directory, from 1
  std::uint64_t nonce = 0;              ///< random per open; tells clones of one card apart

  friend auto operator<=>(const Lineage&, const Lineage&) = default;
};
inline constexpr std::size_t kLineageSize = 32;  ///< encoded: root, ordinal, nonce, little-endian

void write_lineage(ByteWriter& writer, const Lineage& lineage);
/// The reader says afterwards whether there was one.
Lineage read_lineage(ByteReader& reader);

/// The encoded form in hex.
inline constexpr std::size_t kLineageTextSize = 2 * kLineageSize;
std::string to_text(const Lineage& lineage);
/// Empty when the text is none.
std::optional<Lineage> parse_lineage(std::string_view text);

}  // namespace forebay
