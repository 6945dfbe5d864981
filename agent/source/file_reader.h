#pragma once

#include "agent/source/followed_file.h"
#include "agent/transform/key_template.h"
#include "agent/transform/line_splitter.h"
#include "base/clock.h"
#include "spool/record_chunk.h"

namespace forebay::agent {

struct FileReaderOptions {
  std::string device;
  KeyTemplate key;
  LineOptions lines;
  std::size_t block_bytes = 256_KiB;
};

enum class ReadOutcome : std::uint8_t {
  records,    ///< lines were added to the chunk and the position moved
  working,    ///< inside one long line: call again
  partial,    ///< what is left has no newline yet
  at_end,     ///< nothing is left
  truncated,  ///< the bytes before the position are not the ones that were read
};

/// Reads lines of one file at a time into chunks, in large blocks through one shared buffer. Before anything new is
/// used, the bytes around it must match the marks of the position: block and marks come from one read, so that a
/// truncation is never taken for growth. A line longer than the block is scanned for its end without being kept.
/// Threads  one at a time.
class FileReader {
 public:
  FileReader(const Clock& clock, FileReaderOptions options);

  /// Adds at most one block of lines below `limit` to the chunk and moves the position.
  /// Shape   file.handle is open; limit is a size of the file seen just before.
  /// Errors  of reading: nothing moved.
  Result<ReadOutcome> read(FollowedFile& file, std::uint64_t limit, spool::RecordChunk& chunk);
  /// Hands over [offset, limit) as a last line without newline: the file is complete.
  Result<void> flush_partial(FollowedFile& file, std::uint64_t limit, spool::RecordChunk& chunk);
  /// Moves an untouched position to the start of the last line at or before the present end.
  Result<void> skip_to_end(FollowedFile& file);
  /// Lets the head mark cover what the file holds now; sets file.truncated when its bytes are others.
  Result<void> grow_head(FollowedFile& file);
  /// Starts again from 0 with the next generation.
  static void restart(FollowedFile& file);

  [[nodiscard]] std::uint64_t missing_key_fields() const { return options_.key.missing_count(); }
  [[nodiscard]] std::uint64_t truncated_lines() const { return splitter_.truncated_lines(); }

 private:
  Result<ReadOutcome> read_block(FollowedFile& file, std::uint64_t limit, spool::RecordChunk& chunk);
  Result<ReadOutcome> read_long_line(FollowedFile& file, std::uint64_t limit, spool::RecordChunk& chunk);
  Result<void> take_line(FollowedFile& file, std::uint64_t line_end, bool newline, spool::RecordChunk& chunk);
  bool marks_match(FollowedFile& file, std::uint64_t start, ByteView bytes) const;
  void advance(FollowedFile& file, std::uint64_t start, ByteView bytes, std::size_t consumed) const;
  std::size_t leading_zeros(const FollowedFile& file, ByteView block) const;
  void begin_keys(const FollowedFile& file);
  void add(spool::RecordChunk& chunk, ByteView line);

  const Clock& clock_;
  FileReaderOptions options_;
  LineSplitter splitter_;
  Buffer buffer_;
  std::string path_;  // of the file being read, for the key
  std::string key_;
  WallTime now_{};
};

}  // namespace forebay::agent
