#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <set>

#include "base/database.h"
#include "gateway/delivery/engine/delivery_rows.h"

namespace forebay::gateway::delivery {

/// The engine's tables: delivery streams, how far each lane is, cuts under way, replays, dead letters. docs/formats/
/// delivery_db.md. Every call is one transaction: durable when it succeeds, without a trace when it fails.
/// Errors   of every call: no_space: try again later; io: nothing may be trusted any more; corrupt.
/// Threads  any; calls wait for one another.
class DeliveryStore {
 public:
  /// Creates missing tables. Errors  also unsupported: a newer format.
  static Result<std::unique_ptr<DeliveryStore>> open(std::unique_ptr<Database> database);
  Result<DeliveryTables> load();

  /// Adds a delivery stream with its first lanes. Result  its number. Errors  already_exists.
  Result<DeliveryId> create(const DeliveryInfo& info, std::vector<LaneRow> lanes);
  /// Replaces document, version, update time and paused.
  Result<void> save(DeliveryId id, const DeliveryInfo& info);
  /// With everything that hangs on it.
  Result<void> remove(DeliveryId id);

  Result<void> save(const std::vector<LaneRow>& lanes);
  /// Where the log ends, for lanes whose manifest is to be read; what is noted of a lane already stays.
  Result<void> note_log_ends(const std::map<LaneKey, stream::Offset>& ends);
  /// The lanes' manifests were read: saves what counts by them. All lanes or none.
  Result<void> adopt(const std::vector<AdoptedLane>& lanes);
  /// The lane goes into another bucket; `log_end`, if there is one, holds until that one's manifest was read.
  Result<void> enter_bucket(const LaneRow& lane, std::optional<stream::Offset> log_end);
  /// D1: before the first byte leaves.
  Result<void> log_cut(const CutRow& cut);
  /// The same cut of other records; `keys` may be in the bucket and are orphans now.
  Result<void> change_cut(const CutRow& cut, const std::string& bucket, const std::vector<std::string>& keys,
                          WallTime now);
  /// The lane's cut is delivered, or given up in favour of what `lane` says: saves the lane, forgets the cut.
  Result<void> checkpoint(const LaneRow& lane);
  /// The lane's cut is given up before anything of it counted; `keys` may be in the bucket and are orphans now.
  Result<void> give_up_cut(const LaneRow& lane, const std::string& bucket, const std::vector<std::string>& keys,
                           WallTime now);
  /// Those given up before that time, oldest first, at most 1,000.
  Result<std::vector<OrphanRow>> orphans(DeliveryId delivery, WallTime before);
  Result<void> remove_orphan(std::int64_t id);
  /// Lanes of a shard that is gone.
  Result<void> remove_lane(const LaneKey& key);

  /// Errors  also not_found: the delivery stream was removed.
  Result<void> add_replay(const ReplayRow& replay, const std::vector<LaneRow>& lanes);
  Result<void> finish_replay(DeliveryId delivery, const std::string& id);
  /// With its lanes and cuts.
  Result<void> remove_replay(DeliveryId delivery, const std::string& id);

  /// Progress of a record sink together with what it refused: neither is durable without the other.
  Result<void> settle(const LaneRow& lane, const std::optional<DeadLetterRow>& dead);
  Result<std::size_t> dead_letters_waiting(DeliveryId delivery, const std::string& bucket);
  /// The oldest one that is not for these buckets.
  Result<std::optional<DeadLetterRow>> next_dead_letter(DeliveryId delivery, const std::set<std::string>& but_not = {});
  Result<void> remove_dead_letter(std::int64_t id);

 private:
  explicit DeliveryStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}
  Result<std::vector<DatabaseRow>> query(std::string_view sql, std::initializer_list<DatabaseValue> parameters);
  Result<void> run(std::string_view sql, std::initializer_list<DatabaseValue> parameters);
  /// Runs the changes as one transaction.
  Result<void> transact(const std::function<Result<void>()>& changes);
  Result<void> put_lane(const LaneRow& lane);
  Result<void> put_adopted(const AdoptedLane& adopted);
  Result<void> put_cut(const CutRow& cut);
  Result<void> put_orphans(DeliveryId delivery, const std::string& bucket, const std::vector<std::string>& keys,
                           WallTime now);
  Result<void> drop_cut(const LaneKey& key);
  Result<void> check_format();
  Result<void> add_bucket_columns();

  std::mutex mutex_;
  std::unique_ptr<Database> database_;
};

}  // namespace forebay::gateway::delivery
