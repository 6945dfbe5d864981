#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/backoff.h"
#include "spool/spool.h"

namespace forebay::agent {

enum class LaneState : std::uint8_t {
  unopened,        ///< the gateway was not asked about it in this session
  ready,
  missing_stream,  ///< kept; asked again at retry_at
  refused,         ///< the gateway will not have it now (permission); kept; asked again at retry_at
  stale,           ///< the gateway has forgotten the lineage: set aside until somebody decides (G3)
  moved,           ///< its records were appended anew under this run's lineage: never sent from here (A3)
};

/// What the uploader knows of one lane in this session.
struct Lane {
  spool::LaneStatus status;
  LaneState state = LaneState::unopened;
  std::uint64_t incarnation = 0;
  std::uint64_t base = 0;             ///< lane start agreed in OPEN
  std::uint64_t sent = 0;             ///< last sequence in a request that was not refused
  std::uint64_t resume_at = 0;        ///< sequences before it are settled (lost and declared, or refused); 0: none
  std::optional<SteadyTime> waiting_since;  ///< unsent records exist since then
  bool resend = false;                ///< what is unsent was under way before: no waiting for size or age
  SteadyTime retry_at{};
  Backoff backoff{{Milliseconds(1'000), Milliseconds(60'000)}};
  std::string message;

  [[nodiscard]] std::uint64_t start() const { return std::max(status.first, resume_at); }
  /// Through here nothing is owed: acknowledged, or agreed in OPEN to be gone.
  [[nodiscard]] std::uint64_t settled() const {
    return std::max(status.acked, state == LaneState::ready ? base : 0);
  }
  [[nodiscard]] bool has_unsent() const { return sent < status.last; }
  [[nodiscard]] bool has_unacknowledged() const { return std::max(status.acked, start() - 1) < status.last; }
  /// Nothing is owed and no file of the spool holds any of it: past the grace.
  [[nodiscard]] bool gone() const { return status.first > status.last && !has_unacknowledged(); }
  [[nodiscard]] bool set_aside() const { return state == LaneState::stale || state == LaneState::moved; }
};

/// All lanes of the spool, oldest lineage first within a stream. Only the oldest lane of a stream that is not done is
/// sent, so that records keep their order per key across restarts of the agent.
/// Threads  one.
class LaneTable {
 public:
  /// Takes over what the spool says; lanes it no longer knows are removed.
  void update(std::span<const spool::LaneStatus> lanes, SteadyTime now);

  Lane* find(const spool::LaneId& id);
  /// The lane of the stream to send from: the oldest with unsent records that is not set aside. Null: none.
  Lane* head(const std::string& stream);
  /// Distinct streams, in a fixed order.
  [[nodiscard]] const std::vector<std::string>& streams() const { return streams_; }
  std::map<spool::LaneId, Lane>& all() { return lanes_; }
  [[nodiscard]] const std::map<spool::LaneId, Lane>& all() const { return lanes_; }

  /// Everything is asked anew: a new session begins.
  void close_session();
  /// Forgets what is under way: the next request begins after the last acknowledged or settled record.
  void rewind();
  /// Nothing is left to send but what is set aside.
  [[nodiscard]] bool drained() const;
  /// Of the root of `current`: every lineage up to this ordinal is drained, its data gone past the grace, and the
  /// gateway was asked about it in this session. 0: none.
  [[nodiscard]] std::uint64_t closable_through(const Lineage& current) const;

 private:
  std::map<spool::LaneId, Lane> lanes_;
  std::vector<std::string> streams_;
};

}  // namespace forebay::agent
