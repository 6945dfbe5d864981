#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "connection.h"
#include "producer.h"
#include "signer.h"

namespace kload {

enum class PutPhase { warm_up, measure, stop };

/// What the threads of one run share.
struct PutProgress {
  std::atomic<PutPhase> phase{PutPhase::measure};
  std::atomic<std::uint64_t> sent{0};  ///< records; counted only when the options limit them
};

/// Drives some connections with epoll: one request in flight on each, the next one at once or when it is due.
class PutThread {
 public:
  PutThread(const Options& options, PutProgress& progress, const std::vector<Producer*>& producers, PutStats& stats);
  ~PutThread();
  PutThread(const PutThread&) = delete;
  PutThread& operator=(const PutThread&) = delete;

  /// Until the phase is stop, or the wanted number is sent, and all answers are in.
  void run();

 private:
  struct Lane {
    std::unique_ptr<Connection> connection;
    Producer* producer = nullptr;
    bool active = false;
  };

  [[nodiscard]] bool ends() const;
  void watch(std::size_t lane, bool fresh);
  void launch(std::size_t lane, std::uint64_t due_ns);
  void launch_due();
  [[nodiscard]] std::uint64_t wait_ns() const;
  void handle(std::size_t lane, std::uint32_t events);
  void complete(std::size_t lane, Connection::Read result);

  const Options& options_;
  PutProgress& progress_;
  PutStats& stats_;
  PutStats warm_up_;
  Signer signer_;
  Response response_;
  std::vector<Lane> lanes_;
  std::size_t active_ = 0;
  double interval_ns_ = 0;  ///< between two requests of one connection; 0: closed loop
  int epoll_ = -1;
};

}  // namespace kload
