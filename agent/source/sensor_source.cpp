#include "agent/source/sensor_source.h"

#include <boost/asio/post.hpp>

namespace forebay::agent {

struct SensorSource::Sampler {
  Sampler(std::unique_ptr<FileWatcher> watcher, const Clock& clock, Logger log, const SensorReaderOptions& options)
      : files(std::move(watcher)), reader(*files, clock, log, options), chunk(options.stream) {}

  Taken take() {
    const std::uint64_t before = chunk.size_bytes();
    reader.sample(chunk);
    bytes += chunk.size_bytes() - before;
    return {reader.failures(), reader.records(), bytes, reader.missing_key_fields()};
  }

  std::unique_ptr<FileWatcher> files;
  SensorReader reader;
  spool::RecordChunk chunk;
  std::uint64_t bytes = 0;
};

SensorSource::SensorSource(boost::asio::io_context& loop, std::unique_ptr<FileWatcher> files, const Clock& clock,
                           Logger log, SensorSourceOptions options, BlockingPool& pool)
    : loop_(loop),
      clock_(clock),
      log_(log),
      options_(std::move(options)),
      pool_(pool),
      sampler_(std::make_shared<Sampler>(std::move(files), clock, log, options_.reader)),
      chunk_(options_.reader.stream),
      timer_(loop) {}

SensorSource::~SensorSource() { stop(); }

Result<void> SensorSource::start(Intake& intake, const std::map<std::string, Buffer>&, bool once,
                                 std::function<void()> on_end) {
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
  if (reading_) leave_out("reading the sensors takes longer than the interval");
  else if (chunk_.size_bytes() >= kGatheredBytesMax) leave_out("the intake stays full");
  else read_sensors();
  if (!once_) sleep();
}

void SensorSource::leave_out(std::string_view why) {
  if (left_out_++ == 0) log_.warning("samples are left out", {{"source", options_.name}, {"reason", why}});
}

void SensorSource::read_sensors() {
  reading_ = true;
  sampler_->chunk = std::exchange(chunk_, spool::RecordChunk(options_.reader.stream));
  auto read = [this, alive = alive_, sampler = sampler_, &loop = loop_] {
    Taken taken = sampler->take();
    boost::asio::post(loop, [this, alive, taken = std::move(taken)]() mutable {
      if (*alive) sampled(std::move(taken));
    });
  };
  if (pool_.submit(std::move(read))) return;
  leave_out("too many sensor sources read at once");
  sampled(taken_);
}

void SensorSource::sampled(Taken taken) {
  reading_ = false;
  chunk_ = std::exchange(sampler_->chunk, spool::RecordChunk(options_.reader.stream));
  taken_ = std::move(taken);
  submit();
}

void SensorSource::submit() {
  if (waiting_for_space_ || reading_) return;
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
  status.items.push_back({"samples", taken_.records, chunk_.size_bytes(), taken_.records, ""});
  for (const auto& failure : taken_.failures) status.items.push_back({failure.path, 0, 0, 0, failure.reason});
  status.counts.records = taken_.records;
  status.counts.bytes = taken_.bytes;
  status.counts.missing_key_fields = taken_.missing_key_fields;
  status.counts.left_out = left_out_;
  return status;
}

}  // namespace forebay::agent
