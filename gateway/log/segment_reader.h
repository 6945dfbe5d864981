#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "base/file_system.h"
#include "gateway/log/segment_info.h"
#include "gateway/log/segment_name.h"

namespace forebay::gateway::log {

/// Reads one segment and its rows by position; holds no row in memory.
/// Threads  any, at the same time.
class SegmentReader {
 public:
  /// Errors  not_found: a file is missing (a declared hole); corrupt, unsupported: rows header.
  static Result<std::shared_ptr<SegmentReader>> open(FileSystem& files, const DataPaths& paths,
                                                     const SegmentIdentity& identity);

  /// Errors  corrupt: damaged or missing row.
  Result<SegmentRow> row(std::uint64_t index) const;
  /// Rows [first, first + count) up to the first one that cannot be read.
  Result<std::vector<SegmentRow>> rows(std::uint64_t first, std::uint64_t count) const;
  /// Number of the last row whose base is at or below `offset`; 0 when all lie above. A damaged row on the way turns the
  /// search into a walk over the readable ones.
  Result<std::uint64_t> find_offset(Offset offset, std::uint64_t row_count) const;
  /// Number of the first row that arrived at or after `time`; row_count when none has.
  Result<std::uint64_t> find_arrival(WallTime time, std::uint64_t row_count) const;
  /// Errors  corrupt: the segment ends before.
  Result<void> read(std::uint64_t position, MutableBytes out) const;

 private:
  SegmentReader(const SegmentIdentity& identity, std::unique_ptr<File> segment, std::unique_ptr<File> rows)
      : identity_(identity), segment_(std::move(segment)), rows_(std::move(rows)) {}

  SegmentIdentity identity_;
  std::unique_ptr<File> segment_;
  std::unique_ptr<File> rows_;
};

/// Checks a stored batch against its row: header, length, base offset and CRC. Errors  corrupt.
Result<void> check_batch(const SegmentRow& row, ByteView batch);

/// Keeps the last used segments open.
/// Threads  any.
class SegmentCache {
 public:
  SegmentCache(FileSystem& files, const DataPaths& paths) : files_(&files), paths_(&paths) {}
  Result<std::shared_ptr<SegmentReader>> get(const SegmentIdentity& identity);
  void forget(const SegmentIdentity& identity);

 private:
  static constexpr std::size_t kOpenMax = 64;  ///< two descriptors each
  struct Slot {
    SegmentIdentity identity;
    std::shared_ptr<SegmentReader> reader;
  };
  FileSystem* files_;
  const DataPaths* paths_;
  std::mutex mutex_;
  std::list<Slot> slots_;  ///< newest first
};

}  // namespace forebay::gateway::log
