#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "agent/source/file_follower.h"
#include "agent/source/source.h"

namespace forebay::agent {

struct FileSourceOptions {
  std::string name;  ///< as configured, for status: "source 1 (file)"
  FileFollowerOptions follow;
  Milliseconds poll_interval{1'000};     ///< when folders cannot be watched
  Milliseconds rescan_interval{10'000};  ///< when they can: mapped writes and network folders send no events
  Milliseconds gather{20};               ///< a busy writer wakes us at most this often
};

/// Follows files: drives a FileFollower on the event loop. Wakes for changes, for intake space, for files that wait to
/// be quiet, and every rescan_interval; never while nothing happens otherwise.
class FileSource final : public Source {
 public:
  /// `files` is used by this source alone.
  FileSource(boost::asio::io_context& loop, std::unique_ptr<FileWatcher> files, const Clock& clock, Logger log,
             FileSourceOptions options);
  ~FileSource() override;

  Result<void> start(Intake& intake, const std::map<std::string, Buffer>& positions, bool once,
                     std::function<void()> on_end) override;
  void stop() override;
  [[nodiscard]] SourceStatus status() const override;

 private:
  void pump();
  bool submit(FollowerOutput& output);
  void wait_for_events();
  void take_events();
  void rest();
  void post_pump();

  boost::asio::io_context& loop_;
  std::unique_ptr<FileWatcher> files_;
  const Clock& clock_;
  Logger log_;
  FileSourceOptions options_;
  FileFollower follower_;
  Intake* intake_ = nullptr;
  std::function<void()> on_end_;
  std::optional<FollowerOutput> pending_;  // refused by a full intake
  SteadyTime last_scan_{};
  SteadyTime waiting_since_{};
  bool waiting_for_space_ = false;
  bool pump_posted_ = false;
  bool running_ = false;
  boost::asio::posix::stream_descriptor events_;
  boost::asio::steady_timer gather_timer_;
  boost::asio::steady_timer rest_timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // callbacks of the intake may come late
};

}  // namespace forebay::agent
