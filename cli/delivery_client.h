#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/kinesis_transport.h"

namespace forebay::cli {

/// How far a delivery stream is.
struct DeliveryState {
  std::uint64_t records_behind = 0;
  Milliseconds lag{0};
  std::uint64_t delivered_records = 0;  ///< since the gateway began, like the next two
  std::uint64_t delivered_bytes = 0;
  std::uint64_t dead_letters = 0;
  std::uint64_t open_partitions = 0;
  std::string last_object;
  std::optional<WallTime> last_success;
  std::string last_error;
  std::optional<WallTime> last_error_time;
};

struct DeliverySummary {
  std::string name;
  WallTime created;
  bool paused = false;
  bool from_config = false;
  DeliveryState state;
};

struct ReplayState {
  std::string id;
  std::uint64_t records_done = 0;
  std::uint64_t records_total = 0;  ///< 0: not known yet
  bool finished = false;
  std::string last_error;
};

struct ReplayRange {
  WallTime from;
  std::optional<WallTime> to;          ///< empty: now
  std::uint64_t bytes_per_second = 0;  ///< 0: no limit
};

DeliverySummary delivery_summary_of(const nlohmann::json& delivery);
ReplayState replay_state_of(const nlohmann::json& replay);

/// The gateway's own calls about delivery streams, and Firehose's for what that API has. Documents are as they came.
/// Errors as in KinesisTransport::call(), corrupt when the answer lacks what it must have.
/// Threads  one.
class DeliveryClient {
 public:
  /// `account`  whose delivery streams; empty: the key's.
  DeliveryClient(KinesisTransport& transport, std::string account)
      : transport_(transport), account_(std::move(account)) {}

  /// All of them, sorted by name.
  Result<std::vector<nlohmann::json>> list();
  Result<nlohmann::json> status(const std::string& name);
  Result<nlohmann::json> set_paused(const std::string& name, bool paused);
  /// Its id.
  Result<std::string> replay(const std::string& name, const ReplayRange& range);
  Result<std::vector<nlohmann::json>> replays(const std::string& name);
  Result<void> cancel_replay(const std::string& name, const std::string& id);

  /// Firehose's: the ARN; the DeliveryStreamDescription.
  Result<std::string> create(const nlohmann::json& request);
  Result<nlohmann::json> describe(const std::string& name);
  Result<void> remove(const std::string& name);

 private:
  [[nodiscard]] nlohmann::json about(const std::string& name) const;

  KinesisTransport& transport_;
  std::string account_;
};

}  // namespace forebay::cli
