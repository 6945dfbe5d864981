#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "agent/source/sensor_reader.h"
#include "agent/source/source.h"

namespace forebay::agent {

struct SensorSourceOptions {
  std::string name;  ///< as configured, for status
  SensorReaderOptions reader;
  Milliseconds interval{1'000};
};

/// Samples sensor files at an interval. Samples fall on multiples of the interval of the monotonic clock, so that all
/// sensor sources of one interval share one wake-up. One sample is one chunk; while the intake is full samples gather in
/// one chunk of at most kGatheredBytesMax, then whole samples are left out, counted and reported.
class SensorSource final : public Source {
 public:
  SensorSource(boost::asio::io_context& loop, std::unique_ptr<FileWatcher> files, const Clock& clock, Logger log,
               SensorSourceOptions options);
  ~SensorSource() override;

  Result<void> start(Intake& intake, const std::map<std::string, Buffer>& positions, bool once,
                     std::function<void()> on_end) override;
  void stop() override;
  [[nodiscard]] SourceStatus status() const override;

  static constexpr std::size_t kGatheredBytesMax = 256 * 1024;
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  void sample();
  void submit();
  void sleep();

  boost::asio::io_context& loop_;
  std::unique_ptr<FileWatcher> files_;
  const Clock& clock_;
  Logger log_;
  SensorSourceOptions options_;
  SensorReader reader_;
  Intake* intake_ = nullptr;
  std::function<void()> on_end_;
  spool::RecordChunk chunk_;
  std::uint64_t left_out_ = 0;
  bool waiting_for_space_ = false;
  bool once_ = false;
  boost::asio::steady_timer timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace forebay::agent
