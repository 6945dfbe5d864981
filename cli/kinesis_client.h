#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "cli/kinesis_transport.h"
#include "cli/time_expression.h"

namespace forebay::cli {

struct StreamSummary {
  std::string name;
  std::string arn;
  std::string status;
  std::string mode;
  WallTime created;
  std::int64_t retention_hours = 0;
  std::int64_t open_shards = 0;
};

struct ShardInfo {
  std::string id;
  std::string parent;  ///< empty: none
  std::string starting_hash_key;
  std::string ending_hash_key;
  std::string starting_sequence_number;
  bool closed = false;
};

struct OutgoingRecord {
  std::string key;
  Buffer data;
};

/// What became of one record: place, or the reason it was refused.
struct PutOutcome {
  std::string shard;
  std::string sequence_number;
  std::string error;  ///< empty: stored durably
};

struct ReadRecord {
  std::string shard;
  std::string sequence_number;
  std::string key;
  WallTime arrival;
  Buffer data;
};

struct RecordsPage {
  std::vector<ReadRecord> records;
  std::optional<std::string> next;    ///< iterator for the next page; empty: the shard is closed and read to its end
  std::vector<std::string> children;  ///< shards that follow a closed one
  Milliseconds behind{0};
};

/// The Kinesis calls this tool needs, as plain functions. Errors as in KinesisTransport::call().
/// Threads  one.
class KinesisClient {
 public:
  explicit KinesisClient(KinesisTransport& transport) : transport_(transport) {}

  Result<void> create_stream(const std::string& name, std::int64_t shards);
  Result<void> delete_stream(const std::string& name);
  Result<void> set_retention(const std::string& name, std::int64_t hours, std::int64_t present_hours);
  Result<StreamSummary> describe(const std::string& name);
  Result<std::vector<std::string>> list_streams();
  Result<std::vector<ShardInfo>> list_shards(const std::string& name);
  /// At most 500 records. Success  an outcome for each record, in order.
  Result<std::vector<PutOutcome>> put_records(const std::string& stream, std::span<const OutgoingRecord> records);
  Result<std::string> iterator(const std::string& stream, const std::string& shard, const StartPoint& from);
  Result<std::string> iterator_after(const std::string& stream, const std::string& shard,
                                     const std::string& sequence_number);
  Result<RecordsPage> get_records(const std::string& shard, const std::string& iterator, std::int64_t limit);
  /// The gateway's time, as far as it is known to differ from ours.
  [[nodiscard]] WallTime now() const { return transport_.now(); }

 private:
  KinesisTransport& transport_;
};

}  // namespace forebay::cli
