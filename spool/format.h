#pragma once

#include <cstddef>
#include <cstdint>

#include "base/lineage.h"

/// The numbers of journal format 1, all little-endian. Explained in docs/formats/journal.md; nothing else holds them.
namespace forebay::spool::format {

inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kSector = 512;

/// Magic, version and check value stand at the same places in every version, so that a newer one can be told from
/// damage.
namespace file_header {
inline constexpr char kMagic[8] = {'F', 'B', 'J', 'O', 'U', 'R', 'N', 'L'};
inline constexpr std::size_t kMagicAt = 0;
inline constexpr std::size_t kVersionAt = 8;
inline constexpr std::size_t kFlagsAt = 12;
inline constexpr std::size_t kLineageAt = 16;
inline constexpr std::size_t kFileAt = 48;
inline constexpr std::size_t kFileBytesAt = 56;
inline constexpr std::size_t kStartedAt = 64;
inline constexpr std::size_t kAlignmentAt = 72;
inline constexpr std::size_t kReserved1At = 76;
inline constexpr std::size_t kKeyIdAt = 80;
inline constexpr std::size_t kReserved2At = 88;
inline constexpr std::size_t kCrcAt = 508;
inline constexpr std::size_t kSize = 512;
static_assert(kLineageAt + kLineageSize == kFileAt);
static_assert(kCrcAt + 4 == kSize && kSize <= kSector, "written and torn as one sector");
}  // namespace file_header

/// First commit of every file; the header has the space before it to itself.
inline constexpr std::uint64_t kDataStart = 4096;

namespace commit_header {
inline constexpr std::uint32_t kMagic = 0x6d634246;  // "FBcm"
inline constexpr std::size_t kMagicAt = 0;
inline constexpr std::size_t kCrcAt = 4;
inline constexpr std::size_t kContentBytesAt = 8;  ///< first byte under the check value
inline constexpr std::size_t kKindAt = 12;
inline constexpr std::size_t kFlagsAt = 14;
inline constexpr std::size_t kLineageAt = 16;
inline constexpr std::size_t kFileAt = 48;
inline constexpr std::size_t kPositionAt = 56;
inline constexpr std::size_t kPreviousFileAt = 64;
inline constexpr std::size_t kPreviousPositionAt = 72;
inline constexpr std::size_t kEntriesAt = 80;
inline constexpr std::size_t kReserved1At = 84;
inline constexpr std::size_t kKeyIdAt = 88;
inline constexpr std::size_t kNonceAt = 96;
inline constexpr std::size_t kNonceSize = 12;
inline constexpr std::size_t kTagAt = 108;
inline constexpr std::size_t kTagSize = 16;
inline constexpr std::size_t kReserved2At = 124;
inline constexpr std::size_t kSize = 128;
static_assert(kLineageAt + kLineageSize == kFileAt);
static_assert(kNonceAt + kNonceSize == kTagAt && kTagAt + kTagSize == kReserved2At && kReserved2At + 4 == kSize);
static_assert(kSize <= kSector, "a header is never torn by itself");
}  // namespace commit_header

inline constexpr std::uint16_t kKindEntries = 1;
inline constexpr std::uint16_t kFlagEncrypted = 1;

namespace entry_header {
inline constexpr std::size_t kTypeAt = 0;
inline constexpr std::size_t kFlagsAt = 2;
inline constexpr std::size_t kBytesAt = 4;
inline constexpr std::size_t kSize = 8;
}  // namespace entry_header

namespace identity {
inline constexpr char kMagic[8] = {'F', 'B', 'J', 'I', 'D', 'E', 'N', 'T'};
inline constexpr std::size_t kVersionAt = 8;
inline constexpr std::size_t kRootAt = 16;
inline constexpr std::size_t kCrcAt = 32;
inline constexpr std::size_t kSize = 36;
}  // namespace identity

/// Commits start at multiples of the alignment in the file header.
inline constexpr std::uint32_t kAlignmentMin = 512;
inline constexpr std::uint32_t kAlignmentMax = 4096;

constexpr bool is_alignment(std::uint64_t value) { return value == kAlignmentMin || value == kAlignmentMax; }
constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
  return (value + alignment - 1) / alignment * alignment;
}

}  // namespace forebay::spool::format
