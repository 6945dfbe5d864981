#pragma once

#include <string>

#include "agent/source/content_hash.h"
#include "base/file_watcher.h"

namespace forebay::agent {

/// Which file object this is to the system. Inodes are used again, so the birth time belongs to it; content has the
/// last word (FilePosition).
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t birth_ns = 0;
  friend auto operator<=>(const FileIdentity&, const FileIdentity&) = default;
};
inline FileIdentity identity_of(const FileFacts& facts) { return {facts.device, facts.inode, facts.birth_ns}; }

/// A hash of `length` bytes at a known place.
struct ContentMark {
  std::uint32_t length = 0;
  std::uint64_t hash = 0;
  friend bool operator==(const ContentMark&, const ContentMark&) = default;
};
inline constexpr std::size_t kMarkBytesMax = 4096;

/// How far one file was read, and what the bytes before that were: the durable position of a file source.
/// The offset is used only on a file whose bytes still match both marks.
struct FilePosition {
  std::string path;             ///< the name it is followed under; rotation does not change it
  FileIdentity identity;
  std::uint32_t generation = 0;  ///< counts truncations of this file
  std::uint64_t offset = 0;      ///< bytes handed over
  ContentMark head;              ///< of the first bytes, read or not; grows with the file up to kMarkBytesMax
  ContentMark tail;              ///< of the last bytes before `offset`, at most kMarkBytesMax
  std::uint64_t hashed_from = 0;  ///< `prefix` covers the bytes from here to `offset`; 0 unless reading began at the end
  ContentHash prefix;
  std::int64_t followed_since_ms = 0;  ///< wall time when this path was first followed
  std::int64_t updated_ms = 0;         ///< wall time of this position

  [[nodiscard]] Buffer encode() const;
  /// Errors  corrupt; unsupported: a newer version.
  static Result<FilePosition> decode(ByteView bytes);
};

/// How a file compares with a position.
enum class ContentMatch : std::uint8_t {
  same,       ///< long enough and both marks match
  shorter,    ///< the head matches, the file ends before the offset
  different,  ///< other bytes
  unknown,    ///< the position covers no bytes: nothing to compare
};

/// Reads at most two marks. `size` is the file's present size.
Result<ContentMatch> compare_content(FollowedHandle& file, std::uint64_t size, const FilePosition& position);

/// The mark of the bytes [at, at + length) of a file; shorter when the file ends before.
Result<ContentMark> read_mark(FollowedHandle& file, std::uint64_t at, std::size_t length);

}  // namespace forebay::agent
