#pragma once

#include <string>
#include <vector>

#include "cli/kinesis_client.h"
#include "cli/session.h"

namespace forebay::cli {

/// Collects records up to the limits of one PutRecords call and sends them, refused ones again, until all are stored.
/// Records of one key keep their order: a call with a refusal is finished before later records leave.
/// Threads  one.
class PutBatch {
 public:
  PutBatch(Session& session, KinesisClient& client, std::string stream)
      : session_(session), client_(client), stream_(std::move(stream)) {}

  /// Queues a record; sends when a limit would be passed. Errors  too_large: over 1 MiB with its key.
  Result<void> add(OutgoingRecord record);
  /// Sends what is queued.
  Result<void> flush();
  /// Records known to be durable at the gateway.
  [[nodiscard]] std::uint64_t stored() const { return stored_; }
  [[nodiscard]] const std::vector<PutOutcome>& last_outcomes() const { return last_outcomes_; }

 private:
  Session& session_;
  KinesisClient& client_;
  std::string stream_;
  std::vector<OutgoingRecord> queued_;
  std::size_t queued_bytes_ = 0;
  std::uint64_t stored_ = 0;
  std::vector<PutOutcome> last_outcomes_;
};

}  // namespace forebay::cli
