#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "agent/source/mqtt_library.h"
#include "agent/source/source.h"
#include "agent/transform/key_template.h"
#include "base/backoff.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/log.h"

namespace forebay::agent {

struct MqttSourceOptions {
  std::string name;    ///< as configured, for status
  std::string device;
  std::string stream;
  KeyTemplate key;
  MqttConnectOptions connect;
  Milliseconds commit_timeout{20'000};  ///< below the keep-alive: the library answers no pings while a message waits
  std::size_t payload_bytes_max = 1_MiB;  ///< larger ones are left out, counted and reported
  /// The first wait is short: a broker that lost its sessions with its power acknowledges publishers before anyone has
  /// subscribed again.
  BackoffOptions backoff{Milliseconds(100), Milliseconds(30'000)};
};

/// Subscribes at a broker. A message of QoS 1 is acknowledged only when the spool has it on disk: the library's
/// callback waits for that commit, and when the deadline passes the connection is cut, so that the broker sends the
/// message again (at least once; a repeat carries the same payload). QoS 2 is not offered: Paho answers PUBREC before
/// it delivers, so a kill would lose the message.
/// Each connection attempt is a fresh client object, made and destroyed on this source's own thread.
/// Threads  start, stop, status: the event loop. stop() waits for the thread, at most about the library's disconnect
/// time.
class MqttSource final : public Source, private MqttEvents {
 public:
  using Load = std::function<Result<MqttLibrary*>()>;
  MqttSource(Load load, const Clock& clock, Entropy& entropy, Logger log, MqttSourceOptions options);
  ~MqttSource() override;

  /// Errors   invalid_argument with `once`: a subscription has no end. unavailable: the module cannot be loaded.
  Result<void> start(Intake& intake, const std::map<std::string, Buffer>& positions, bool once,
                     std::function<void()> on_end) override;
  void stop() override;
  [[nodiscard]] SourceStatus status() const override;

 private:
  void run();
  bool attempt();
  void wait_until_lost();
  void pause(Milliseconds time);
  bool message_arrived(const MqttMessage& message) override;
  void connection_lost(std::string_view reason) override;
  bool hand_over(spool::RecordChunk& chunk, int qos);
  void set_error(std::string_view what);

  const Load load_;
  const Clock& clock_;
  Entropy& entropy_;
  Logger log_;
  MqttSourceOptions options_;
  Intake* intake_ = nullptr;
  MqttLibrary* library_ = nullptr;
  Backoff backoff_;
  bool subscribed_ = false;  // in this run
  std::string key_;          // the library's thread

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool lost_ = false;
  bool connected_ = false;
  std::string last_error_;

  std::atomic<std::uint64_t> messages_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> repeated_{0};
  std::atomic<std::uint64_t> left_out_{0};
  std::atomic<std::uint64_t> missing_fields_{0};
  std::atomic<std::int64_t> waiting_since_ns_{0};  // a message waits for its commit
  std::thread thread_;
};

}  // namespace forebay::agent
