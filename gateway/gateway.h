#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "base/file_system.h"
#include "gateway/admin/admin_handler.h"
#include "gateway/auth/key_store.h"
#include "gateway/exit_code.h"
#include "gateway/gateway_delivery.h"
#include "gateway/gateway_metrics.h"
#include "gateway/gateway_options.h"
#include "gateway/http/body_budget.h"
#include "gateway/keys/keys_front.h"
#include "gateway/kinesis/action.h"
#include "gateway/stream/embedded_stream_service.h"
#include "gateway/upload/upload_front.h"
#include "sys/signals.h"
#include "sys/system_entropy.h"
#include "sys/systemd_notify.h"
#include "sys/tls_context.h"

namespace forebay::gateway {

/// Reads certificate and key files as a start would. Errors  as there.
Result<void> check_files(FileSystem& files, const GatewayOptions& options);

/// The program: builds every part, starts them in order, stops them in reverse.
///
///   listener -> session -> router (authenticator) -> Kinesis front | upload front -> stream service -> log
///   admin listener -> session -> admin handler
///
/// Threads  run() is called once, from the main thread, which then waits for signals and feeds the watchdog.
class Gateway {
 public:
  /// Reads the configuration again, for what a reload takes from it.
  using RereadOptions = std::function<Result<GatewayOptions>()>;

  Gateway(const GatewayOptions& options, RereadOptions reread, FileSystem& files, Clock& clock, LogOutput& log);
  ~Gateway();

  ExitCode run();

 private:
  Result<void> open_log();
  Result<void> open_delivery();
  Result<void> load_keys();
  Result<void> build_fronts();
  [[nodiscard]] std::size_t connections_allowed() const;
  Result<void> open_listeners();
  std::unique_ptr<http::RequestHandler> make_router(http::EventLoop& loop);
  void print_first_screen() const;
  void wait_for_end();
  void reload();
  Result<std::size_t> reload_encryption_keys();
  void feed_watchdog();
  ExitCode stop();
  void drain();
  void on_signal(ProcessSignal signal);
  [[noreturn]] void end_after_failed_sync(const Error& error);
  [[nodiscard]] std::size_t open_connections() const;

  const GatewayOptions& options_;
  const RereadOptions reread_;
  FileSystem& files_;
  Clock& clock_;
  Logger logger_;
  SystemEntropy entropy_;
  SystemdEnvironment systemd_environment_;
  SystemdNotify systemd_;

  std::mutex mutex_;
  std::condition_variable changed_;
  int stops_ = 0;  ///< SIGTERM or SIGINT so far
  bool reload_wanted_ = false;
  std::unique_ptr<Signals> signals_;

  GatewayMetrics metrics_;
  auth::KeyStore keys_;
  auth::KeyStore::Loaded loaded_keys_;
  std::unique_ptr<TlsContext> tls_;
  std::shared_ptr<log::KeyRing> encryption_keys_ = std::make_shared<log::KeyRing>();
  std::unique_ptr<stream::EmbeddedStreamService> streams_;
  std::unique_ptr<GatewayDelivery> delivery_;  ///< destroyed before the streams
  std::unique_ptr<kinesis::TokenSealer> sealer_;
  std::unique_ptr<kinesis::KinesisServices> kinesis_;
  std::unique_ptr<keys::KeysServices> key_services_;
  std::unique_ptr<upload::UploadServices> upload_;
  std::unique_ptr<admin::AdminServices> admin_services_;
  http::BodyBudget budget_;
  std::vector<std::unique_ptr<http::EventLoop>> loops_;
  std::unique_ptr<http::Listener> listener_;
  std::unique_ptr<http::Listener> admin_listener_;
  std::atomic<bool> draining_{false};
  std::vector<std::uint64_t> seen_turns_;
};

}  // namespace forebay::gateway
