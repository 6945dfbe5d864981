#pragma once

#include "gateway/delivery/engine/lane.h"

namespace forebay::gateway::delivery {

/// Runs one delivery stream: follows the shard map of its source, starts a lane per shard when its parents are
/// delivered to their end, keeps what retention waits for, ends replays, sends dead letters, cleans up.
/// Threads  the event loop, but for the constructor and restore(): before the loop runs.
class DeliveryRunner : public std::enable_shared_from_this<DeliveryRunner> {
 public:
  DeliveryRunner(EngineServices& services, DeliveryStatePtr state) : services_(services), state_(std::move(state)) {}

  /// Takes over what the database says of a lane; `cut` is the one it had logged, `delivered` what is beside in the
  /// bucket.
  void restore(const LaneRow& row, std::optional<CutRow> cut, LaneMarks delivered = {});
  /// Expects that manifests may know more than this gateway: notes where the logs of its lanes end, by `known` when an
  /// earlier start noted it. Before anything is appended. Result  what was not noted yet.
  std::map<LaneKey, stream::Offset> expect_manifests(const std::map<LaneKey, stream::Offset>& known);
  /// Those of them whose manifests can be read at once.
  [[nodiscard]] std::vector<std::shared_ptr<Lane>> lanes_to_read() const;
  /// Adds its lanes that are not at their end, by stream; replays are none of them.
  void count_lanes(std::map<stream::StreamId, std::size_t>& counts) const;
  /// What the manifest said is durable.
  void adopted(const Lane& lane);
  /// Before retention runs for the first time: holds for every lane that is not finished.
  void set_first_holds(const std::function<stream::StreamPtr(stream::StreamId)>& find_stream);
  /// Lanes of a replay that has become durable.
  void add_lanes(const std::vector<LaneRow>& lanes);
  /// A replay that is gone from the database: its lanes end and are forgotten.
  void drop_track(const std::string& track);

  /// Starts its coroutines on the loop that runs `executor`.
  static void start(const std::shared_ptr<DeliveryRunner>& runner, const boost::asio::any_io_executor& executor);
  /// Something about the delivery stream has changed: lanes leave and begin anew.
  void restart_lanes();
  /// Gives up all holds and progress.
  void forget();

  [[nodiscard]] const DeliveryStatePtr& state() const { return state_; }
  /// Coroutines of lanes that have not ended.
  [[nodiscard]] std::size_t lanes_at_work() const { return at_work_; }
  [[nodiscard]] bool is_at_work(const std::string& track) const;

 private:
  struct Slot {
    LaneRow row;
    std::optional<CutUnderWay> cut;
    std::optional<stream::Offset> log_end;       ///< see Lane
    std::shared_ptr<const LaneMarks> delivered;  ///< see Lane
    bool at_work = false;
    bool drop = false;                    ///< its track is gone
    std::uint64_t failed_generation = 0;  ///< in which it stood still
  };
  using Slots = std::map<LaneKey, Slot>;

  static Task<void> supervise(std::shared_ptr<DeliveryRunner> runner);
  static Task<void> keep_clean(std::shared_ptr<DeliveryRunner> runner);
  static Task<void> send_dead_letters(std::shared_ptr<DeliveryRunner> runner);
  static Task<void> run_lane(std::shared_ptr<DeliveryRunner> runner, std::shared_ptr<Lane> lane);

  [[nodiscard]] bool is_over() const { return services_.stopping.load() || state_->is_removed(); }
  Task<void> reconcile();
  Task<void> add_new_shards(stream::StreamPtr stream, CompiledPtr compiled);
  Task<void> remove_old_lanes(stream::StreamPtr stream, CompiledPtr compiled);
  Task<void> end_replays();
  Task<void> date_waiting_lanes(stream::StreamPtr stream);
  Task<bool> send_letter(DeadLetterRow letter);
  void start_lanes(const stream::Stream& stream, const CompiledPtr& compiled);
  [[nodiscard]] std::shared_ptr<Lane> make_lane(const Slot& slot, const stream::Stream& stream,
                                                const std::shared_ptr<const stream::Shard>& shard,
                                                const CompiledPtr& compiled) const;
  void start_lane(Slot& slot, const stream::Stream& stream, const std::shared_ptr<const stream::Shard>& shard,
                  const CompiledPtr& compiled);
  void lane_ended(const Lane& lane, LaneEnd end);
  void adopt_slot(const LaneRow& row, const std::shared_ptr<const stream::Shard>& shard);
  void release(const LaneKey& key);
  [[nodiscard]] bool parents_are_delivered(const stream::Shard& shard, const stream::Stream& stream,
                                           const std::string& track) const;
  [[nodiscard]] bool is_wanted(const Slot& slot, const stream::Stream& stream, const CompiledPtr& compiled) const;
  std::shared_ptr<RateLimit> rate_of(const std::string& track);
  void show();

  EngineServices& services_;
  DeliveryStatePtr state_;
  boost::asio::any_io_executor executor_;
  Sleeper bell_;        ///< of supervise()
  Sleeper clean_bell_;  ///< of keep_clean()
  Slots slots_;
  std::map<std::string, std::shared_ptr<RateLimit>> rates_;  ///< by replay
  std::size_t at_work_ = 0;
};

}  // namespace forebay::gateway::delivery
