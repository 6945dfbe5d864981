#pragma once

#include <functional>
#include <map>

#include "gateway/delivery/engine/lane_reader.h"
#include "gateway/delivery/manifest.h"

namespace forebay::gateway::delivery {

/// What one cut is made of.
struct CutContent {
  Cut cut;
  std::unique_ptr<ObjectBuilder> builder;     ///< holds the cut's records; null for a declared loss
  std::optional<FinishedObject> declaration;  ///< of a loss
  LaneMarks marks;
  std::string previous;  ///< SHA-256 of the lane's last entry, hex
  bool begins = false;   ///< see wire::manifest::Entry
};

/// Brings one logged cut into the store: its objects, several at once, then the manifest entry (D2, D3). Where it
/// stopped it goes on. An object is made when there is room for it, one after another; the entry lists them in that
/// order, however long each takes.
/// Threads  the event loop; objects are made by the workers, what waits for the store runs on threads for senders.
class CutWriter {
 public:
  /// Rising: what an attempt came to is the gravest that happened to an object of it.
  enum class Step : std::uint8_t {
    done,      ///< the manifest lists the cut
    left,      ///< asked to: not everything is in the store
    again,     ///< the store did not take something: call run() again, later
    failed,    ///< the objects cannot be made
    conflict,  ///< something else has a name of ours: another gateway, or other bytes for the same records
  };
  /// What an attempt works with.
  struct Means {
    WorkerPool& workers;
    SenderPool& senders;
    SenderPool::SharePtr share;
    std::size_t objects_at_once = 1;
    std::function<bool()> must_leave;
  };

  CutWriter(std::shared_ptr<ObjectStore> store, CutContent content);

  /// One attempt; nothing of it runs any more when it returns. One at a time.
  static Task<Step> run(std::shared_ptr<CutWriter> writer, Means means);
  /// Of the last run() that was not done: of its step, the first one.
  [[nodiscard]] const Error& error() const { return error_; }
  /// True once the manifest entry may have reached the store.
  [[nodiscard]] bool has_told() const { return told_; }

  /// Names under which it has put something or tried to.
  [[nodiscard]] std::vector<std::string> keys() const;
  [[nodiscard]] bool is_done() const { return done_; }
  /// After done.
  [[nodiscard]] const std::string& entry_hash() const { return entry_hash_; }
  [[nodiscard]] const ManifestEntry& entry() const { return entry_; }
  [[nodiscard]] std::uint64_t payload_bytes() const { return payload_bytes_; }

 private:
  /// An object that was made and not yet taken.
  struct Held {
    FinishedObject object;
    bool under_way = false;
  };
  class UnderWay;
  using Place = std::map<std::size_t, Held>::iterator;

  static Task<void> put_objects(std::shared_ptr<CutWriter> writer, Means means);
  static Task<void> make_object(std::shared_ptr<CutWriter> writer, Means means);
  static Task<void> put_object(std::shared_ptr<CutWriter> writer, Means means, Place place);
  static Task<void> put_entry(std::shared_ptr<CutWriter> writer, Means means);
  Result<std::optional<FinishedObject>> next_object();
  Result<PutOutcome> put(const FinishedObject& object);
  /// An object that waits for its turn.
  [[nodiscard]] Place next_held();
  void settle(Place place, const Result<PutOutcome>& outcome);
  void note(Step step, Error error);

  std::shared_ptr<ObjectStore> store_;
  CutContent content_;
  ManifestEntry entry_;
  std::map<std::size_t, Held> held_;  ///< by their number in the cut
  std::size_t under_way_ = 0;
  bool all_made_ = false;
  Sleeper bell_;  ///< rings when an object was taken or refused
  Step step_ = Step::done;
  std::string entry_text_;
  std::string entry_hash_;
  std::uint64_t payload_bytes_ = 0;
  bool told_ = false;
  bool done_ = false;
  Error error_;
};

}  // namespace forebay::gateway::delivery
