#pragma once

#include "gateway/delivery/engine/delivery_state.h"
#include "gateway/delivery/engine/engine_services.h"
#include "gateway/delivery/engine/manifest_adoption.h"
#include "gateway/delivery/engine/rate_limit.h"

namespace forebay::gateway::delivery {

/// Why a lane's coroutine came to its end.
enum class LaneEnd : std::uint8_t {
  left,      ///< asked to: pause, update, removal, stop
  finished,  ///< everything is delivered and nothing will follow
  failed,    ///< stands still until somebody looks at it; the reason is in the status
  gone,      ///< its stream was deleted
};

/// A cut that is logged and not in the manifest.
struct CutUnderWay {
  CutRow row;
  bool untold = false;  ///< for certain no manifest entry of it was ever sent: it may be given up for another cut
  std::string bucket;   ///< where objects of it may be
  std::vector<std::string> keys;  ///< and under which names
};

/// One lane at work: what its coroutine gets and gives back.
/// Threads  the event loop, and the one worker that acts for its coroutine.
struct Lane {
  EngineServices& services;
  DeliveryStatePtr delivery;
  CompiledPtr compiled;
  std::uint64_t generation = 0;
  LaneRow row;
  std::optional<CutUnderWay> cut;
  SourceShard source;
  std::shared_ptr<const stream::Shard> shard;
  std::shared_ptr<RateLimit> rate;  ///< of a replay; null: none
  /// Where the log ended when this gateway was started, while the lane's manifest was not read since: what the manifest
  /// lists from there on is of another life of this gateway (D5).
  std::optional<stream::Offset> log_end;
  /// Uploads that the bucket has although the lane is not behind them; null: none.
  std::shared_ptr<const LaneMarks> delivered;
  bool has_expired = false;  ///< the shard is no more, although not everything of it was delivered

  /// True when the coroutine should end at the next safe place.
  [[nodiscard]] bool must_leave() const {
    return services.stopping.load() || delivery->generation() != generation ||
           services.streams().timeline() != source.timeline;
  }
  /// Takes over what the stream knows of the shard by now. False: the stream is gone.
  bool refresh();
  /// Offset at which there is nothing more to read at the moment.
  [[nodiscard]] stream::Offset end() const;
  /// True when nothing will come behind end().
  [[nodiscard]] bool has_ended() const;
  /// Tells the status and counts.
  void report_failure(const Error& error);
  /// Tells that the lane stops here, and what to do.
  void stand_still(const Error& error);
  /// Tells of records that expired or were damaged before they were delivered.
  void report_loss(const Cut& cut, const std::string& reason);
  /// The bucket has more than this gateway's log: the streams go on under at least this timeline. Blocks.
  Result<void> continue_history(std::uint64_t timeline);
  /// What the manifest said is durable: the lane goes on from there.
  void adopted(const Adoption& found);
  /// Where the next record comes from, after `row` was made durable: status, and what retention waits for.
  void publish_progress();
};

}  // namespace forebay::gateway::delivery
