#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "agent/source/source.h"
#include "agent/transform/key_template.h"
#include "agent/transform/line_splitter.h"
#include "base/clock.h"
#include "base/log.h"

namespace forebay::agent {

struct StdinSourceOptions {
  std::string name = "standard input";
  std::string device;
  std::string stream;
  KeyTemplate key;
  LineOptions lines;
};

/// Lines from a descriptor until its end: `journalctl -f -o json | forebay-agent --stdin --stream journal`. Nothing is
/// read while the intake is full, so the writer waits. What was read but not durable when the process dies is lost with
/// it: a pipe cannot be read twice. on_end is called at the end of input also without `once`.
class StdinSource final : public Source {
 public:
  /// `descriptor` stays open and the caller's; its flags are set back at stop().
  StdinSource(boost::asio::io_context& loop, int descriptor, const Clock& clock, Logger log,
              StdinSourceOptions options);
  ~StdinSource() override;

  Result<void> start(Intake& intake, const std::map<std::string, Buffer>& positions, bool once,
                     std::function<void()> on_end) override;
  void stop() override;
  [[nodiscard]] SourceStatus status() const override;

 private:
  void read();
  void take(std::size_t size);
  void finish();
  void submit();

  boost::asio::io_context& loop_;
  const int descriptor_;
  const Clock& clock_;
  Logger log_;
  StdinSourceOptions options_;
  LineSplitter splitter_;
  Intake* intake_ = nullptr;
  std::function<void()> on_end_;
  boost::asio::posix::stream_descriptor input_;
  Buffer buffer_;
  std::string key_;
  spool::RecordChunk chunk_;
  std::uint64_t bytes_ = 0;
  std::uint64_t records_ = 0;
  std::string last_error_;
  bool ended_ = false;
  bool was_non_blocking_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace forebay::agent
