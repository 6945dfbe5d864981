#pragma once

#include <string>

#include "base/file_system.h"
#include "gateway/log/lane_table.h"

namespace forebay::gateway::log {

/// Writes a lane table to DATA/lanes.0 or .1 in slices: checksummed blocks, closed by an end block that counts them.
/// docs/formats/segment.md section 5.
/// Lifecycle  open, add_*, finish. Threads  owner only.
class LaneSnapshotWriter {
 public:
  static Result<LaneSnapshotWriter> open(FileSystem& files, const std::string& path, std::uint64_t generation);

  Result<void> add_lanes(std::span<const std::pair<LaneKey, Lane>> lanes);
  Result<void> add_forgotten(const std::map<std::array<std::uint8_t, 16>, std::uint64_t>& forgotten);
  /// Success  the file replaced the older generation and is durable, its folder entry included.
  Result<void> finish();

 private:
  LaneSnapshotWriter(FileSystem& files, std::string path, std::unique_ptr<File> file)
      : files_(&files), path_(std::move(path)), file_(std::move(file)) {}
  Result<void> write_block(std::uint8_t kind, std::uint32_t count, ByteView payload);

  FileSystem* files_;
  std::string path_;
  std::unique_ptr<File> file_;
  std::uint64_t position_ = 0;
  std::uint32_t blocks_ = 0;
  Buffer block_;
};

struct LaneSnapshot {
  std::uint64_t generation = 0;
  LaneTable lanes;
};
/// Errors  not_found; corrupt: damaged or cut; unsupported: a newer format, named.
Result<LaneSnapshot> read_lane_snapshot(FileSystem& files, const std::string& path);

}  // namespace forebay::gateway::log
