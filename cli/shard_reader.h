#pragma once

#include <optional>
#include <string>

#include "cli/kinesis_client.h"

namespace forebay::cli {

/// Reads one shard page by page; takes a new iterator when the old one has expired.
/// Threads  one.
class ShardReader {
 public:
  ShardReader(KinesisClient& client, std::string stream, std::string shard, StartPoint from)
      : client_(client), stream_(std::move(stream)), shard_(std::move(shard)), from_(from) {}

  /// The next records, possibly none. Shape  not after finished().
  Result<RecordsPage> next(std::int64_t limit);
  /// The shard is closed and read to its end, or has been trimmed away.
  [[nodiscard]] bool finished() const { return finished_; }
  /// The last page reached the newest record.
  [[nodiscard]] bool caught_up() const { return caught_up_; }
  [[nodiscard]] const std::string& shard() const { return shard_; }
  /// Fixes the start now, so that "latest" means the moment of the call.
  Result<void> open();

 private:
  KinesisClient& client_;
  std::string stream_;
  std::string shard_;
  StartPoint from_;
  std::optional<std::string> iterator_;
  std::string last_sequence_number_;
  std::optional<WallTime> seen_to_;  ///< everything that arrived before was read
  bool finished_ = false;
  bool caught_up_ = false;
};

}  // namespace forebay::cli
