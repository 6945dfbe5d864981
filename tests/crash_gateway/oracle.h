#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/log/lane_table.h"
#include "tests/unit/gateway_core/log_fixture.h"

namespace forebay::test {

/// What the outside knows: everything acknowledged, and what was submitted and not answered yet.
class Oracle {
 public:
  /// Attributes of a stream or (stream 0) of the one account, and what else changed in the same commit.
  struct SettingsChange {
    glog::StreamId stream;
    std::vector<glog::AttributeChange> attributes;
    std::optional<std::uint32_t> record_bytes_max;
  };
  struct Settings {
    glog::Attributes attributes;
    std::optional<std::uint32_t> record_bytes_max;
    friend bool operator==(const Settings&, const Settings&) = default;
  };
  /// One submission that may or may not survive, whole.
  struct Pending {
    struct Part {
      glog::ShardId shard;
      std::vector<std::string> values;
    };
    std::vector<Part> parts;
    std::vector<std::pair<glog::LaneKey, glog::LaneRange>> lanes;
    std::string creates;                 ///< stream name
    std::optional<glog::StreamId> removes;
    std::optional<SettingsChange> settings;
    std::optional<glog::StreamDefinition> map;  ///< of the stream after a split, merge or scaling
  };

  void submitted(Pending pending) { pending_.push_back(std::move(pending)); }
  /// The oldest submission was answered. `done`: with success.
  /// `definition`: of the stream that was created or got another shard map.
  void answered(bool done, const glog::StreamDefinition* definition = nullptr);
  /// A reader saw the shard's end there.
  void seen(glog::ShardId shard, std::int64_t end) { seen_[shard] = std::max(seen_[shard], end); }

  /// Compares a recovered log with what is known. Empty: all promises hold; otherwise the first broken one.
  [[nodiscard]] std::string check(LogHarness& recovered) const;

  /// Streams that exist for sure, with the newest shard map that was answered.
  [[nodiscard]] const std::map<glog::StreamId, glog::StreamDefinition>& streams() const { return streams_; }
  /// While retention runs it may take closed shards off the map at any moment.
  void set_expiring(bool expiring) { expiring_ = expiring; }
  /// The map of a stream as retention, or a restart that settled what was not answered, has left it.
  void found(const glog::StreamDefinition& definition);
  [[nodiscard]] const std::map<glog::LaneKey, std::vector<glog::LaneRange>>& lanes() const { return lanes_; }
  /// Rises with every answer and submission.
  [[nodiscard]] std::uint64_t version() const { return version_; }
  /// After a restart of the log itself: whatever was not answered is settled by what is there.
  void restarted() { pending_.clear(); }

 private:
  [[nodiscard]] std::string check_map(const glog::StreamDefinition& known, const glog::StreamLog& found) const;
  [[nodiscard]] std::string check_shard(LogHarness& recovered, const glog::ShardView& view,
                                        std::map<glog::ShardId, std::vector<std::string>>& beyond) const;
  [[nodiscard]] std::string check_pending(const std::map<glog::ShardId, std::vector<std::string>>& beyond) const;
  [[nodiscard]] std::string check_lanes(LogHarness& recovered) const;
  [[nodiscard]] std::string check_settings(LogHarness& recovered) const;
  [[nodiscard]] std::string check_settings(glog::StreamId owner, const Settings& found) const;

  std::map<glog::StreamId, glog::StreamDefinition> streams_;
  std::map<glog::ShardId, std::vector<std::string>> values_;  ///< acknowledged, by offset
  std::map<glog::ShardId, std::int64_t> seen_;
  std::map<glog::LaneKey, std::vector<glog::LaneRange>> lanes_;
  std::map<glog::StreamId, Settings> settings_;  ///< acknowledged; stream 0: the account
  std::deque<Pending> pending_;
  bool expiring_ = false;
  std::uint64_t version_ = 0;
};

}  // namespace forebay::test
