#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/agent_options.h"
#include "agent/exit_code.h"
#include "agent/failpoint.h"
#include "agent/health/agent_status.h"
#include "agent/health/status_socket.h"
#include "agent/intake/intake_queue.h"
#include "agent/source/source.h"
#include "agent/spooler/scrubber.h"
#include "agent/spooler/spooler.h"
#include "agent/state_cache.h"
#include "agent/uploader/uploader.h"
#include "base/blocking_pool.h"
#include "base/http_client.h"
#include "sys/inotify_file_watcher.h"
#include "sys/link_watcher.h"
#include "sys/posix_file_system.h"
#include "sys/system_clock.h"
#include "sys/system_entropy.h"
#include "sys/systemd_notify.h"

namespace forebay::agent {

/// How the program was asked to run.
struct AgentRun {
  bool once = false;                    ///< read to the present end, upload, end
  std::optional<Milliseconds> timeout;  ///< with once: end with 75 when records are left then
};

/// forebay-agent, composed. One event loop (this thread: sources, timers, status), one spool thread, one upload thread
/// with a helper for the request under way, and Paho's own threads when there is an MQTT source.
///
///   files, sensors, MQTT, standard input
///        | chunks: records and the source's position after them
///   IntakeQueue          bounded in bytes; full means back-pressure
///        | groups: what queued while the last sync ran
///   Spooler  ---------->  spool::Spool   one journal; durable after one fdatasync, then givers are told
///                            | sealed batches         ^ acknowledged positions
///                         Uploader -> HttpUploadClient -> forebay-gateway
///
/// Stops in the order of the arrows: sources, intake (drained into the spool), uploader, spool.
class Agent {
 public:
  Agent(const AgentOptions& options, const AgentRun& run, LogOutput& log, Failpoints& failpoints);
  ~Agent();

  /// Runs until a signal, a failure or, with once, until everything is uploaded.
  ExitCode run();

 private:
  Result<void> start();
  Result<void> open_identity();
  Result<void> open_state_cache();
  Result<void> make_sources();
  Result<void> start_upload();
  void start_spooler();
  Result<void> start_sources();
  void wait_for_signals();
  void start_housekeeping();

  void source_ended();
  void sources_done();
  void drained();
  void tick();
  void wait_for_link();
  void end(ExitCode code);
  void fail(const Error& error);
  ExitCode finish();
  /// Numbers in the state cache; 0 when it has none.
  Result<std::uint64_t> recall(std::string_view fact);
  void remember(std::string_view fact, std::uint64_t value);
  /// The gateway has closed this run's lineage; the next start begins at the ordinal. Errors  of the cache.
  Result<void> remember_closed(std::uint64_t ordinal_min);
  Result<std::vector<Lineage>> closed_lineages();
  BlockingPool& blocking();
  [[nodiscard]] AgentStatus status();
  [[nodiscard]] std::string stuck_part() const;

  const AgentOptions options_;
  const AgentRun run_;
  Failpoints& failpoints_;
  Logger logger_;
  PosixFileSystem files_;
  SystemClock clock_;
  SystemEntropy entropy_;
  MetricsRegistry metrics_;
  SystemdEnvironment systemd_ = SystemdEnvironment::of_this_process();
  SystemdNotify notify_{systemd_};
  std::string device_;
  std::uint64_t timeline_ = 0;
  SteadyTime started_{};

  boost::asio::io_context loop_{1};
  std::unique_ptr<BlockingPool> blocking_;  ///< made for the first sensor source
  std::unique_ptr<StateCache> cache_;
  std::unique_ptr<spool::Spool> spool_;
  std::unique_ptr<IntakeQueue> intake_;
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<UploadClient> client_;
  std::unique_ptr<ParkedBatches> parked_;
  std::unique_ptr<UploadSession> session_;
  std::unique_ptr<Uploader> uploader_;
  std::unique_ptr<Spooler> spooler_;
  std::unique_ptr<Scrubber> scrubber_;
  std::vector<std::unique_ptr<Source>> sources_;
  std::size_t sources_running_ = 0;
  std::unique_ptr<StatusSocket> status_socket_;
  std::unique_ptr<LinkWatcher> link_;
  std::optional<boost::asio::posix::stream_descriptor> link_events_;
  std::optional<boost::asio::signal_set> signals_;
  boost::asio::steady_timer tick_{loop_};
  boost::asio::steady_timer deadline_{loop_};
  std::optional<ExitCode> code_;
  bool broken_ = false;  ///< the spool failed: it is not written any more
};

}  // namespace forebay::agent
