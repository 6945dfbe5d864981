#pragma once

#include "base/bytes.h"
#include "base/lineage.h"

namespace forebay::spool {

/// What the first sector of a journal file says; written once, before the file gets its name.
struct FileHeader {
  Lineage lineage;
  std::uint64_t file = 0;
  std::uint64_t file_bytes = 0;
  std::int64_t started_ms = 0;  ///< wall time the run gave, information only
  std::uint32_t alignment = 0;
  friend bool operator==(const FileHeader&, const FileHeader&) = default;
};

enum class HeaderState : std::uint8_t {
  valid,
  newer,   ///< whole, of a format this program does not know
  broken,  ///< fails its check or contradicts itself
  absent,  ///< zeros, or shorter than a header
};

struct ParsedHeader {
  HeaderState state = HeaderState::absent;
  std::uint32_t version = 0;
  FileHeader header;  ///< meaningful when valid
};

/// kDataStart bytes: the header and zeros.
Buffer encode_file_header(const FileHeader& header);
ParsedHeader parse_file_header(ByteView bytes);

}  // namespace forebay::spool
