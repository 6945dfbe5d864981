#pragma once

#include <functional>
#include <set>
#include <variant>

#include "agent/uploader/lane_table.h"
#include "base/entropy.h"
#include "wire/upload/messages.h"

namespace forebay::agent {

struct UploadSettings {
  std::uint64_t batch_bytes_max = 1_MiB;    ///< uncompressed, per batch
  Milliseconds batch_age{1'000};            ///< a smaller batch is sent when its first record is this old
  std::uint64_t request_bytes_max = 4_MiB;  ///< encoded; lowered by what the gateway says and the link carries
  std::uint64_t request_bytes_min = 64_KiB;
  std::size_t batches_per_request_max = 64;
  /// Of one lane, one after the other; the gateway knows the checksums of a lane's last four batches, so that a resend
  /// of the whole request can still be compared.
  std::size_t lane_batches_per_request_max = 4;
  std::size_t lanes_per_open_max = 1'000;
  Milliseconds backoff_first{250};
  Milliseconds backoff_cap{60'000};
  std::uint8_t codec = 3;  ///< Kafka codec id
};

/// One batch the uploader should cut next.
struct BatchPlan {
  spool::LaneId lane;
  std::uint64_t after = 0;
};
/// One batch of a request under way.
struct SentBatch {
  spool::LaneId lane;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t raw_bytes = 0;
  [[nodiscard]] std::uint64_t last() const { return first + count - 1; }
};

/// What to do next.
struct StepOpen {
  std::vector<spool::LaneId> lanes;
};
struct StepSend {
  std::vector<BatchPlan> plans;  ///< in this order, until the request is full
};
/// Nothing else is to do, and old lineages are done with: tells the gateway to forget them.
struct StepClose {
  std::uint64_t through = 0;  ///< ordinal
};
struct StepWait {
  std::optional<SteadyTime> until;  ///< empty: for new records or a command
};
using Step = std::variant<StepOpen, StepSend, StepClose, StepWait>;

/// What the spool and the operator must be told after a reply; done in order, before the next step.
struct Acknowledge {
  spool::LaneId lane;
  std::uint64_t through = 0;
  std::uint64_t incarnation = 0;
};
struct LowerAcknowledged {
  spool::LaneId lane;
  std::uint64_t through = 0;
};
struct DeclareGap {
  spool::Gap gap;
};
/// Appends the lane's records from `from` to `to` anew, under the lineage of this run (A3).
struct Reseal {
  spool::LaneId lane;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};
/// Sets a refused batch aside in a file before its loss is declared.
struct SetAside {
  spool::LaneId lane;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::string reason;
};
struct RememberTimeline {
  std::uint64_t timeline = 0;
};
/// Only this run could have written the lane, yet the gateway has other content for it or has closed it: a copy of this
/// machine runs, or an older image of it was put back.
struct RestartNeeded {
  std::string reason;
  /// Not 0: this lineage is closed; the next one begins there and takes over its records.
  std::uint64_t ordinal_min = 0;
};
struct Tell {
  enum class What : std::uint8_t { missing_stream, stale, refused, timeline_changed, gateway_lost } what{};
  std::string stream;
  std::string message;
};
using Action =
    std::variant<Acknowledge, LowerAcknowledged, DeclareGap, Reseal, SetAside, RememberTimeline, RestartNeeded, Tell>;
using Actions = std::vector<Action>;

/// Why a request brought no answer of the protocol.
enum class FailureKind : std::uint8_t {
  link,        ///< not reached, broken or timed out: the request may have been handled
  clock_skew,  ///< refused for its time, which was corrected since: try again at once
  permission,  ///< key or device not allowed
  too_large,   ///< the request's body is over a limit on the way
  throttled,   ///< asked to come later
  server,      ///< 5xx
  protocol,    ///< an answer that makes no sense
  stopped,     ///< cancelled because the agent stops
};

/// All decisions of the upload side, without I/O: what to open and send next, what replies and failures mean
/// (reliability 4.3, A3-A7). Time is passed in. Protocol: docs/formats/upload.md.
/// Threads  one.
class UploaderFsm {
 public:
  UploaderFsm(const UploadSettings& settings, const Lineage& current, std::uint64_t timeline, Entropy& entropy)
      : settings_(settings),
        current_(current),
        timeline_(timeline),
        entropy_(entropy),
        backoff_({settings.backoff_first, settings.backoff_cap}) {}

  // What happens around it.
  void lanes_changed(std::span<const spool::LaneStatus> lanes, SteadyTime now) { lanes_.update(lanes, now); }
  void stream_grew(const std::string& stream, std::uint64_t bytes) { pending_bytes_[stream] += bytes; }
  void link_up();
  /// Sends everything without waiting for size or age.
  void set_draining(bool draining) { draining_ = draining; }

  /// `in_flight`: a request is under way; then only what may follow it is planned, and nothing is opened.
  Step next(SteadyTime now, bool in_flight);

  /// The lane is appended anew (A3), which an earlier run began and got as far as `through`.
  Actions moved_before(const spool::LaneId& lane, std::uint64_t through);

  // What became of a step.
  void sent(std::span<const SentBatch> batches, SteadyTime now);
  /// The spool's first record behind `after` is `first`: what lies between is gone and declared. Without effect while
  /// records up to `after` are not acknowledged: they may have to be sent again, so the hole is looked at when they
  /// are.
  void hole_found(const spool::LaneId& lane, std::uint64_t after, std::uint64_t first);
  /// The spool had no room to seal the lane's next batch: it is tried again later.
  void no_room(const spool::LaneId& lane, SteadyTime now);
  /// The spool has nothing of the lane behind `after`: all is gone and declared. Without effect as in hole_found().
  void nothing_there(const spool::LaneId& lane, std::uint64_t after);
  /// A gap up to this sequence, which an action asked for, is durable.
  void gap_declared(const spool::LaneId& lane, std::uint64_t through);
  void closed(std::uint64_t through) { closed_through_ = through; }
  Actions opened(std::span<const spool::LaneId> lanes, const wire::upload::OpenReply& reply, SteadyTime now);
  Actions replied(std::span<const SentBatch> batches, const wire::upload::BatchesReply& reply, SteadyTime now);
  /// No answer of the protocol: all lanes go back to their last acknowledgement. After a request of `request_bytes`
  /// (0: not one with batches) the next ones are at most half as large: until some get through when the link failed,
  /// for the rest of this run when it was too large.
  void failed(FailureKind kind, std::optional<Milliseconds> retry_after, SteadyTime now,
              std::uint64_t request_bytes = 0);

  [[nodiscard]] bool drained() const { return lanes_.drained(); }
  [[nodiscard]] std::uint64_t timeline() const { return timeline_; }
  [[nodiscard]] const wire::upload::StreamMap* map_of(const std::string& stream) const;
  /// Encoded. A single batch may be larger.
  [[nodiscard]] std::uint64_t request_bytes_max() const {
    return std::min({request_bytes_max_, request_bytes_now_, request_bytes_cap_});
  }
  [[nodiscard]] const LaneTable& lanes() const { return lanes_; }
  /// Of a lane this table has, as OPEN carries it.
  [[nodiscard]] wire::upload::OpenLane open_lane(const spool::LaneId& lane, std::uint32_t lineage_index) const;

 private:
  void open_lane_replied(Lane& lane, const wire::upload::OpenLaneReply& reply, SteadyTime now, Actions& actions);
  void lane_ready(Lane& lane, const wire::upload::OpenLaneReply& reply, Actions& actions);
  static void declare_lost(const Lane& lane, std::uint64_t from, std::uint64_t to, Actions& actions);
  void lane_replied(Lane& lane, const SentBatch& batch, const wire::upload::LaneReply& reply, SteadyTime now,
                    Actions& actions);
  void lane_gap(Lane& lane, std::uint64_t gateway_last, SteadyTime now, Actions& actions);
  void lane_forked(Lane& lane, const SentBatch& batch, Actions& actions);
  /// `through`: ordinal up to which the gateway has closed the lineages of this root.
  void lane_stale(Lane& lane, std::uint64_t through, Actions& actions);
  void move_lane(Lane& lane, std::uint64_t from, Actions& actions);
  void lane_refused(Lane& lane, const SentBatch& batch, const std::string& message, SteadyTime now, Actions& actions);
  void lane_later(Lane& lane, LaneState state, const std::string& message, SteadyTime now);
  /// Asked about again: at once the first time, then with back-off until something is committed.
  void lane_reopens(Lane& lane, const std::string& message, SteadyTime now);
  void keep_maps(std::span<const wire::upload::StreamMap> maps);
  void tell_once(Tell::What what, const std::string& stream, std::string message, Actions& actions);
  std::vector<spool::LaneId> lanes_to_open(SteadyTime now) const;
  bool ripe(const Lane& lane, SteadyTime now) const;
  [[nodiscard]] std::optional<SteadyTime> next_time(SteadyTime now);

  const UploadSettings settings_;
  const Lineage current_;
  std::uint64_t timeline_;
  Entropy& entropy_;
  Backoff backoff_;
  LaneTable lanes_;
  std::map<std::string, std::uint64_t> pending_bytes_;  ///< per stream: appended by this run and not yet sent
  std::map<std::string, wire::upload::StreamMap> maps_;
  std::set<std::pair<Tell::What, std::string>> told_;
  SteadyTime retry_at_{};
  std::uint64_t closed_through_ = 0;
  std::uint64_t request_bytes_max_ = settings_.request_bytes_max;
  std::uint64_t request_bytes_now_ = settings_.request_bytes_max;  ///< what the link seems to carry
  std::uint64_t request_bytes_cap_ = settings_.request_bytes_max;  ///< what a proxy has shown to take
  std::size_t turn_ = 0;  ///< stream that is planned first, so that none starves
  bool draining_ = false;
};

}  // namespace forebay::agent
