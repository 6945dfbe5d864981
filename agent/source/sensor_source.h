#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "agent/source/sensor_reader.h"
#include "agent/source/source.h"
#include "base/blocking_pool.h"

namespace forebay::agent {

struct SensorSourceOptions {
  std::string name;  ///< as configured, for status
  SensorReaderOptions reader;
  Milliseconds interval{1'000};
};

/// Samples sensor files at an interval. Samples fall on multiples of the interval of the monotonic clock, so that all
/// sensor sources of one interval share one wake-up. One sample is one chunk; while the intake is full samples gather
/// in one chunk of at most kGatheredBytesMax, then whole samples are left out, counted and reported. So is a sample
/// that falls due while the one before is still being read: a chip on a slow bus may take long.
/// Threads  the event loop; files are read in the pool.
class SensorSource final : public Source {
 public:
  SensorSource(boost::asio::io_context& loop, std::unique_ptr<FileWatcher> files, const Clock& clock, Logger log,
               SensorSourceOptions options, BlockingPool& pool);
  ~SensorSource() override;

  Result<void> start(Intake& intake, const std::map<std::string, Buffer>& positions, bool once,
                     std::function<void()> on_end) override;
  void stop() override;
  [[nodiscard]] SourceStatus status() const override;

  static constexpr std::size_t kGatheredBytesMax = 256 * 1024;
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  /// What a sample works with; it may outlast the source by the read that runs in the pool.
  struct Sampler;
  /// What a finished sample left for status.
  struct Taken {
    std::vector<SensorReader::Failure> failures;
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    std::uint64_t missing_key_fields = 0;
  };

  void sample();
  void read_sensors();
  void sampled(Taken taken);
  void leave_out(std::string_view why);
  void submit();
  void sleep();

  boost::asio::io_context& loop_;
  const Clock& clock_;
  Logger log_;
  SensorSourceOptions options_;
  BlockingPool& pool_;
  std::shared_ptr<Sampler> sampler_;
  Taken taken_;
  Intake* intake_ = nullptr;
  std::function<void()> on_end_;
  spool::RecordChunk chunk_;
  std::uint64_t left_out_ = 0;
  bool waiting_for_space_ = false;
  bool reading_ = false;  ///< the sampler has the chunk
  bool once_ = false;
  boost::asio::steady_timer timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace forebay::agent
