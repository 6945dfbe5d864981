#pragma once

#include <mutex>

#include "agent/failpoint.h"
#include "agent/uploader/batch_builder.h"
#include "agent/uploader/parked_batches.h"
#include "agent/uploader/upload_client.h"
#include "agent/uploader/upload_status.h"
#include "agent/uploader/uploader_fsm.h"
#include "base/metrics.h"

namespace forebay::agent {

/// One encoded request with what it holds.
struct UploadRequest {
  std::vector<SentBatch> batches;
  Buffer body;
};

/// The hands of UploaderFsm: cuts and encodes what it plans, and does to the spool what it decides. No thread of its
/// own.
/// Threads  one; status() from any.
class UploadSession {
 public:
  struct Parts {
    spool::Spool& spool;
    UploadClient& client;
    ParkedBatches& parked;
    Clock& clock;
    Entropy& entropy;
    Logger logger;
    MetricsRegistry& metrics;
    Failpoints& failpoints;
    std::string device;
    std::string agent_version;
    std::function<void(std::uint64_t)> remember_timeline;
    /// The gateway has closed this run's lineage: the next start takes an ordinal of at least so much and moves its
    /// lanes.
    std::function<Result<void>(std::uint64_t)> remember_closed;
    std::vector<Lineage> closed;  ///< told so in earlier runs
    std::function<void()> space_freed;
  };

  UploadSession(Parts parts, const UploadSettings& settings, std::uint64_t timeline);

  /// Finishes what an earlier run left half moved. Errors of this and the next three: of the spool; the process must
  /// exit.
  Result<void> start();
  /// Looks at the spool and decides.
  Step next(bool in_flight);
  /// Cuts, seals and encodes. Empty: there was nothing after all.
  Result<std::optional<UploadRequest>> prepare(const StepSend& step);
  /// The request leaves now.
  void before_send() { parts_.failpoints.reach(Failpoint::before_send); }
  [[nodiscard]] wire::upload::OpenRequest open_request(const StepOpen& step) const;
  [[nodiscard]] wire::upload::CloseRequest close_request(const StepClose& step) const;
  void complete_close(const StepClose& step, const UploadResult<std::monostate>& reply);
  Result<void> complete_open(const StepOpen& step, UploadResult<wire::upload::OpenReply> reply);
  /// False: what was prepared after this request must be prepared again.
  Result<bool> complete(const UploadRequest& request, UploadResult<wire::upload::BatchesReply> reply);

  UploaderFsm& fsm() { return fsm_; }
  [[nodiscard]] UploadStatus status() const;
  /// Set once when the process must start again under a new lineage.
  [[nodiscard]] bool restart_needed() const { return restart_needed_; }

 private:
  /// A request while it is filled.
  struct Draft {
    wire::upload::BatchesRequest message;
    std::vector<SentBatch> batches;
    std::size_t bytes = 0;
    std::uint64_t raw_bytes = 0;
    bool full = false;
  };
  /// Uncompressed; smaller where only small requests get through, since a sealed batch is never cut again.
  [[nodiscard]] std::uint64_t batch_bytes_max() const {
    return std::min(settings_.batch_bytes_max, fsm_.request_bytes_max());
  }
  Result<bool> add_batch(BatchPlan& plan, Draft& draft);
  Result<std::optional<spool::SealedBatch>> cut(const BatchPlan& plan);
  Result<void> perform(const Actions& actions);
  Result<void> perform_one(const Action& action);
  Result<void> acknowledge(const Acknowledge& action);
  Result<void> reseal(const Reseal& action);
  Result<void> restart(const RestartNeeded& action);
  Result<void> set_aside(const SetAside& action);
  void tell(const Tell& tell);
  void note_failure(const UploadFailure& failure);
  void note_success(bool acknowledged);

  Parts parts_;
  const UploadSettings settings_;
  Logger logger_;
  UploaderFsm fsm_;
  BatchBuilder builder_;
  std::vector<BuiltBatch> built_;  ///< reused from request to request
  bool restart_needed_ = false;

  mutable std::mutex status_mutex_;
  UploadStatus status_;
};

}  // namespace forebay::agent
