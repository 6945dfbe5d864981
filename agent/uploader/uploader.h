#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "agent/health/progress.h"
#include "agent/uploader/request_thread.h"
#include "agent/uploader/upload_session.h"

namespace forebay::agent {

/// The upload thread: waits for records in the spool, cuts batches, sends them, records what was acknowledged. One
/// request is under way at a time; the next one is cut meanwhile. Everything it decides stands in UploaderFsm.
/// In the data path: spool -> Uploader -> gateway.
/// Lifecycle  start(); stop() cancels a running request and waits.
/// Threads    start, stop: owner; the rest any.
class Uploader {
 public:
  struct Events {
    /// The spool failed, or a restart is needed (conflict): the process must end. Runs on the upload thread.
    std::function<void(const Error&)> failed;
    /// While draining: nothing is left to send. Runs on the upload thread, perhaps more than once.
    std::function<void()> drained;
  };

  Uploader(UploadSession& session, UploadClient& client, Clock& clock, Events events);
  ~Uploader();

  void start();
  void stop();

  /// Chunks became durable.
  void spool_grew(std::span<const spool::RecordChunk> chunks);
  /// The network came back: a waiting retry is made at once.
  void link_up();
  /// From now on everything is sent without waiting for size or age, and Events::drained is called.
  void drain();

  [[nodiscard]] const Progress& progress() const { return progress_; }

 private:
  void run();
  Result<void> turn();
  Result<void> take_reply();
  void take_events();
  void send();
  Result<void> open(const StepOpen& step);
  void close(const StepClose& step);
  void wait_for_request();
  void wait(std::optional<SteadyTime> until);
  void wake(bool& flag);
  [[nodiscard]] bool in_flight() const { return sent_.has_value(); }

  UploadSession& session_;
  UploadClient& client_;
  Clock& clock_;
  const Events events_;
  Progress progress_;

  // Upload thread only.
  std::optional<UploadRequest> prepared_;
  std::optional<UploadRequest> sent_;
  std::optional<UploadResult<wire::upload::BatchesReply>> reply_;
  std::optional<UploadResult<wire::upload::OpenReply>> open_reply_;
  std::optional<UploadResult<std::monostate>> close_reply_;
  bool sending_all_ = false;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, std::uint64_t> grown_;  ///< bytes by stream since the last look
  bool woken_ = false;
  bool link_up_ = false;
  bool draining_ = false;
  bool done_ = false;  ///< the request thread finished its job
  bool stopping_ = false;
  std::unique_ptr<RequestThread> requests_;
  std::thread thread_;
};

}  // namespace forebay::agent
