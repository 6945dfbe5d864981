#include "agent/source/sensor_source.h"

#include <boost/asio/post.hpp>

namespace forebay::agent {

SensorSource::SensorSource(boost::asio::io_context& loop, std::unique_ptr<FileWatcher> files, const Clock& clock,
                           Logger log, SensorSourceOptions options)
    : loop_(loop),
      files_(std::move(files)),
      clock_(clock),
      log_(log),
      options_(std::move(options)),
      reader_(*files_, clock, log, options_.reader),
      chunk_(options_.reader.stream),
      timer_(loop) {}

SensorSource::~SensorSource() { stop(); }

Result<void> SensorSource::start(Intake& intake, const std::map<std::string, Buffer>&, bool once, std::function<void()> on_end) {
  intake_ = &intake;
  once_ = once;
  if (once) on_end_ = std::move(on_end);
  boost::asio::post(loop_, [this, alive = alive_] {
    if (*alive) sample();
  });
  return {};
}

void SensorSource::stop() {
  *alive_ = false;
  timer_.cancel();
}

void SensorSource::sample() {
  if (chunk_.size_bytes() < kGatheredBytesMax) {
    reader_.sample(chunk_);
  } else if (left_out_++ == 0) {
    log_.warning("the intake stays full; samples are left out", {{"source", options_.name}});
  }
  submit();
  if (!once_) sleep();
}

void SensorSource::submit() {
  if (waiting_for_space_) return;
  if (!chunk_.empty()) {
    const bool taken = intake_->try_submit(chunk_, [this, alive = alive_, &loop = loop_] {
      boost::asio::post(loop, [this, alive] {
        if (!*alive) return;
        waiting_for_space_ = false;
        submit();
      });
    });
    if (!taken) {
      waiting_for_space_ = true;
      return;
    }
    chunk_ = spool::RecordChunk(options_.reader.stream);
  }
  if (on_end_) std::exchange(on_end_, nullptr)();
}

void SensorSource::sleep() {
  const Nanoseconds interval = options_.interval;
  const Nanoseconds now = clock_.steady_now().time_since_epoch();
  const Nanoseconds delay = interval - now % interval;
  timer_.expires_after(std::chrono::duration_cast<boost::asio::steady_timer::duration>(delay));
  timer_.async_wait([this, alive = alive_](boost::system::error_code error) {
    if (!error && *alive) sample();
  });
}

SourceStatus SensorSource::status() const {
  SourceStatus status{options_.name, "sensor", options_.reader.stream, {}, false};
  status.items.push_back({"samples", reader_.records(), chunk_.size_bytes(), reader_.records(), ""});
  for (const auto& failure : reader_.failures()) status.items.push_back({failure.path, 0, 0, 0, failure.reason});
  return status;
}

}  // namespace forebay::agent
