#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/units.h"
#include "gateway/delivery/record.h"

namespace forebay::gateway::delivery {

/// Takes records of one shard in their order; one object per lane, so that it may keep state. Calls block, one at a time.
class RecordSink {
 public:
  /// How many records one call may get.
  struct Limits {
    std::size_t records_max = 500;
    std::size_t bytes_max = 4u << 20;
  };
  struct Attempt {
    std::uint32_t number = 1;  ///< of the batch that begins with the first record
    WallTime first_time;       ///< of attempt 1
    WallTime now;
    std::string id;            ///< the same for every attempt of the same records: receivers may drop repeats by it
  };
  /// One record that will never be taken: a dead letter.
  struct Failure {
    std::size_t index = 0;
    std::string code;     ///< of the receiver, or a word of ours
    std::string message;
  };
  struct Outcome {
    std::size_t settled = 0;         ///< so many records from the front are taken or in `failures`
    /// Rising by index. Those behind `settled` wait for a record before them; they count when the batch is given up.
    std::vector<Failure> failures;
    std::string error;               ///< why not all are settled; empty when they are
    std::optional<Milliseconds> retry_after;  ///< what the receiver asked for
    bool permanent = false;          ///< the rest of this batch is refused for good: dead letters without a retry
    /// Indexes behind `settled`, rising, of records that the receiver has although one before them is not settled: no
    /// dead letters when the batch is given up.
    std::vector<std::size_t> taken = {};
  };

  virtual ~RecordSink() = default;
  [[nodiscard]] virtual Limits limits() const = 0;
  virtual Outcome deliver(std::span<const DeliveryRecord> records, const Attempt& attempt) = 0;
  /// Ends a running and every later deliver() soon. Threads  any.
  virtual void cancel() = 0;
};

}  // namespace forebay::gateway::delivery
