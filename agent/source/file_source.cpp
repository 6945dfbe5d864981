#include "agent/source/file_source.h"

#include <boost/asio/post.hpp>

namespace forebay::agent {

namespace {

constexpr int kChunksPerTurn = 8;  // other work of the event loop gets its turn after these
constexpr Milliseconds kScanPause{100};  // between two scans that events ask for
constexpr Milliseconds kStuckAfter{60'000};

}  // namespace

FileSource::FileSource(boost::asio::io_context& loop, std::unique_ptr<FileWatcher> files, const Clock& clock,
                       Logger log, FileSourceOptions options)
    : loop_(loop),
      files_(std::move(files)),
      clock_(clock),
      log_(log),
      options_(std::move(options)),
      follower_(*files_, clock, log, options_.follow),
      events_(loop),
      gather_timer_(loop),
      rest_timer_(loop) {}

FileSource::~FileSource() { stop(); }

Result<void> FileSource::start(Intake& intake, const std::map<std::string, Buffer>& positions, bool once,
                               std::function<void()> on_end) {
  intake_ = &intake;
  FB_CHECK(follower_.restore(positions, once));
  if (once) on_end_ = std::move(on_end);
  running_ = true;
  if (!once && files_->descriptor() >= 0) {
    boost::system::error_code error;
    events_.assign(files_->descriptor(), error);
    if (error) return Error{Errc::io, "wait for file events: " + error.message()};
    wait_for_events();
  }
  post_pump();
  return {};
}

void FileSource::stop() {
  if (!running_) return;
  running_ = false;
  *alive_ = false;
  gather_timer_.cancel();
  rest_timer_.cancel();
  if (events_.is_open()) events_.release();  // the watcher owns it
}

void FileSource::wait_for_events() {
  events_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this, alive = alive_](
                                                                           boost::system::error_code error) {
    if (error || !*alive) return;
    // A busy file sends an event per write: take them together.
    gather_timer_.expires_after(options_.gather);
    gather_timer_.async_wait([this, alive](boost::system::error_code cancelled) {
      if (!cancelled && *alive) take_events();
    });
  });
}

void FileSource::take_events() {
  for (const FileEvent& event : files_->take_events()) follower_.note(event);
  wait_for_events();
  post_pump();
}

void FileSource::post_pump() {
  if (pump_posted_ || waiting_for_space_) return;
  pump_posted_ = true;
  boost::asio::post(loop_, [this, alive = alive_] {
    if (!*alive) return;
    pump_posted_ = false;
    pump();
  });
}

bool FileSource::submit(FollowerOutput& output) {
  if (!output.forget.empty()) {
    intake_->forget_source(output.forget);
    return true;
  }
  const bool taken = intake_->try_submit(output.chunk, [this, alive = alive_, &loop = loop_] {
    boost::asio::post(loop, [this, alive] {
      if (!*alive) return;
      waiting_for_space_ = false;
      post_pump();
    });
  });
  if (!taken) {
    waiting_for_space_ = true;
    waiting_since_ = clock_.steady_now();
  }
  return taken;
}

void FileSource::pump() {
  if (!running_ || waiting_for_space_) return;
  const SteadyTime now = clock_.steady_now();
  if (follower_.scan_needed() && (last_scan_ == SteadyTime{} || now - last_scan_ >= kScanPause)) {
    follower_.scan();
    last_scan_ = clock_.steady_now();
  }
  for (int i = 0; i < kChunksPerTurn; ++i) {
    if (!pending_) pending_ = follower_.next();
    if (!pending_) return rest();
    if (!submit(*pending_)) return;
    pending_.reset();
  }
  post_pump();
}

// Nothing to do: sleeps until the next thing that no event announces.
void FileSource::rest() {
  if (on_end_ && !follower_.scan_needed()) {
    const auto ended = std::move(on_end_);
    on_end_ = nullptr;
    stop();
    return ended();
  }
  const Milliseconds interval = follower_.polling_needed() ? options_.poll_interval : options_.rescan_interval;
  SteadyTime at = last_scan_ + (follower_.scan_needed() ? kScanPause : interval);
  if (const auto wake = follower_.wake_at()) at = std::min(at, *wake);
  const auto delay = std::max<Nanoseconds>(at - clock_.steady_now(), Milliseconds(1));
  rest_timer_.expires_after(std::chrono::duration_cast<boost::asio::steady_timer::duration>(delay));
  rest_timer_.async_wait([this, alive = alive_](boost::system::error_code error) {
    if (error || !*alive) return;
    const Milliseconds due = follower_.polling_needed() ? options_.poll_interval : options_.rescan_interval;
    follower_.tick(clock_.steady_now() - last_scan_ >= due);
    post_pump();
  });
}

SourceStatus FileSource::status() const {
  SourceStatus status{options_.name, "file", options_.follow.stream, follower_.items(), false};
  const SteadyTime now = clock_.steady_now();
  // Waiting for a full spool is the spool's state, not this source's.
  status.counts = follower_.counts();
  status.stuck = running_ && !waiting_for_space_ && follower_.stalled_since(now - kStuckAfter);
  return status;
}

}  // namespace forebay::agent
