#pragma once

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/clock.h"
#include "base/file_system.h"
#include "gateway/log/segment_name.h"
#include "gateway/log/shard_view.h"

namespace forebay::gateway::log {

struct SegmentOptions {
  std::uint64_t segment_bytes_max = 64_MiB;
  Milliseconds segment_age_max{3'600'000};
  std::uint64_t run_bytes = 256_KiB;    ///< a shard with that much unwritten is written at once,
  Milliseconds run_age_max{3'000};      ///< one with less after this time
};

/// Writes the unwritten batches of one shard from memory to its newest segment, and rolls it.
/// Success of a write means given to the system; sync() makes it durable.
/// Threads  segment thread (recovery before it starts).
class SegmentWriter {
 public:
  SegmentWriter(FileSystem& files, const DataPaths& paths, const SegmentOptions& options,
                std::shared_ptr<ShardView> view);

  enum class Which : std::uint8_t {
    due,  ///< only if enough bytes wait, or the oldest waited long enough
    all,  ///< everything published so far
  };
  /// Errors  no_space: nothing of the failing run is published, a later call tries again. io: the process must exit.
  Result<void> write(Which which, SteadyTime now, WallTime wall);
  /// True while published batches wait in memory.
  [[nodiscard]] bool has_unwritten() const;
  /// Makes everything written durable, and adds folders that need a sync to `folders`. Errors  io: must exit.
  Result<void> sync(std::set<std::string>& folders);
  [[nodiscard]] bool needs_sync() const { return needs_sync_; }
  /// Ends the active segment: the next batch starts a new one.
  void roll();
  /// Closes files; the next write opens them again.
  void close_files();
  /// Everything before it is written.
  [[nodiscard]] Offset written() const { return written_; }
  [[nodiscard]] const std::shared_ptr<ShardView>& view() const { return view_; }
  /// Continues a recovered segment, or none (the next batch starts a new one).
  void restore(std::shared_ptr<SegmentInfo> active, Offset written);

 private:
  struct OpenFiles {
    std::unique_ptr<File> segment;
    std::unique_ptr<File> rows;
  };
  [[nodiscard]] bool is_due(const ShardView::Runs& runs, SteadyTime now) const;
  Result<void> write_run(const TailRun& run, WallTime wall);
  Result<void> ensure_segment(const SegmentRow& first, std::uint64_t bytes, WallTime wall);
  Result<void> create_segment(const SegmentRow& first, WallTime wall);
  Result<void> open_files();
  Result<void> write_rows(std::span<const SegmentRow> rows, std::uint64_t first_index);

  FileSystem* files_;
  const DataPaths* paths_;
  SegmentOptions options_;
  std::shared_ptr<ShardView> view_;
  std::shared_ptr<SegmentInfo> active_;
  OpenFiles open_;
  std::vector<OpenFiles> rolled_;  ///< closed segments whose bytes are not synced yet
  Offset written_;
  bool needs_sync_ = false;
  bool new_files_ = false;
  Buffer rows_buffer_;
};

}  // namespace forebay::gateway::log
