#pragma once

#include "gateway/delivery/engine/cut_policy.h"
#include "gateway/delivery/engine/cut_writer.h"
#include "gateway/delivery/engine/lane_retry.h"
#include "gateway/delivery/engine/manifest_adoption.h"
#include "gateway/delivery/engine/object_plan.h"

namespace forebay::gateway::delivery {

/// Delivers one shard as objects, exactly once by the manifest:
///   manifest read (D5) -> records into a builder -> cut logged (D1) -> objects (D2) -> entry (D3, D7) -> checkpoint
///   -> retention may pass
/// The open buffer is only a view of the log: whenever the lane leaves before a cut, nothing is lost.
/// Threads  the event loop; what blocks runs in the pool while the coroutine waits.
class ObjectLane {
 public:
  /// Runs until there is a reason to end; `lane` then says how far it is.
  static Task<LaneEnd> run(std::shared_ptr<Lane> lane);

 private:
  /// What filling a buffer came to.
  enum class Filled : std::uint8_t { cut, lost, finished, left, gone, failed };
  /// One page on its way into the builder.
  struct Added {
    stream::Offset next;
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    std::optional<WallTime> oldest;
    bool is_full = false;
    std::optional<Error> error;
  };

  explicit ObjectLane(std::shared_ptr<Lane> lane) : lane_(std::move(lane)), retry_(lane_) {}
  ~ObjectLane() {
    lane_->services.budget.report(this, 0);
    show_partitions(0);
  }
  ObjectLane(const ObjectLane&) = delete;
  ObjectLane& operator=(const ObjectLane&) = delete;

  Task<LaneEnd> work();
  /// The steps below give a reason to end, or nothing.
  Task<std::optional<LaneEnd>> settle_old_cut();
  Task<std::optional<LaneEnd>> open_track();
  /// Into the plan's bucket, unless the lane is there.
  Task<std::optional<LaneEnd>> enter();
  Task<std::optional<LaneEnd>> adopt();
  Task<std::optional<LaneEnd>> take_over(Adoption found);
  Task<std::optional<LaneEnd>> begin_cut();
  Task<std::optional<LaneEnd>> deliver_cut();
  Task<std::optional<LaneEnd>> put(std::shared_ptr<CutWriter>& writer);
  Task<std::optional<LaneEnd>> settle_cut(const CutWriter& writer);
  Task<std::optional<LaneEnd>> rebuild();
  Task<std::optional<LaneEnd>> rebuild_page();
  Task<LaneEnd> finish();

  Task<Filled> fill();
  Task<std::optional<Filled>> read_page();
  Task<std::optional<Filled>> wait_for_more();

  void begin_buffer();
  Added add(const stream::ReadResult& page, stream::Offset from, stream::Offset until, bool whole);
  void take(const Added& added);
  void drop_buffer();
  void show_partitions(std::size_t open);
  [[nodiscard]] Filling filling();
  [[nodiscard]] CutRow next_cut() const;
  [[nodiscard]] Cut cut_of(const CutRow& row) const;
  Result<void> use(const ObjectPlan& plan);
  Result<ObjectPlan> plan_of(const CutRow& row);
  Result<std::shared_ptr<CutWriter>> make_writer();
  [[nodiscard]] CutWriter::Means means_of_put() const;
  LaneEnd stand_still(const Error& error, bool conflict);
  void count(const CutWriter& writer);

  std::shared_ptr<Lane> lane_;
  std::shared_ptr<ObjectStore> store_;
  ObjectPlan plan_;  ///< of the buffer, or of the cut under way
  LaneRetry retry_;

  std::unique_ptr<ObjectBuilder> builder_;
  stream::Offset position_;  ///< next to be read
  std::uint64_t records_ = 0;
  stream::Offset first_;
  WallTime oldest_;
  LaneMarks marks_;
  bool is_full_ = false;
  SteadyTime since_;
  std::optional<stream::Offset> target_;  ///< what was there when the interval ended
  std::optional<LostRange> lost_;
};

}  // namespace forebay::gateway::delivery
