#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/source/file_follower.h"
#include "tests/support/log_capture.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_directory.h"
#include "sys/inotify_file_watcher.h"
#include "sys/system_clock.h"

namespace forebay::agent {

/// Lets a test do something between two looks of the follower.
class ObservedWatcher final : public InotifyFileWatcher {
 public:
  Result<std::optional<FileFacts>> facts(const std::string& path) override {
    auto found = InotifyFileWatcher::facts(path);
    if (looked) looked(path);
    return found;
  }
  std::function<void(const std::string& path)> looked;
};

/// A follower on a real folder, with an intake that remembers what was handed over and can forget the end of it, as a
/// crash would.
class FollowRig {
 public:
  FollowRig() : clock_(to_millis(SystemClock().wall_now()) - 1'000) {
    options.paths = {folder.file("app.log")};
    options.stream = "logs";
    options.reader.device = "dev";
  }

  void start(bool once = false) {
    auto watcher = std::make_unique<ObservedWatcher>();
    watcher->looked = looked;
    watcher_ = std::move(watcher);
    follower_ = std::make_unique<FileFollower>(*watcher_, clock_, Logger(log, "test"), options);
    ASSERT_TRUE(follower_->restore(positions(outputs_.size()), once).ok());
    follower_->scan();
  }
  void stop() {
    follower_.reset();
    watcher_.reset();
  }
  [[nodiscard]] bool running() const { return follower_ != nullptr; }

  /// Events, scans and at most `count` hand-overs.
  void step(std::size_t count) {
    for (const FileEvent& event : watcher_->take_events()) follower_->note(event);
    if (follower_->scan_needed()) follower_->scan();
    for (std::size_t i = 0; i < count; ++i) {
      auto output = follower_->next();
      if (!output && !follower_->scan_needed()) return;
      if (!output) follower_->scan();
      else outputs_.push_back(std::move(*output));
    }
  }
  /// Everything there is, also what waits for quiet.
  void drain() {
    for (int i = 0; i < 4; ++i) {
      step(1'000'000);
      clock_.advance(Milliseconds(6'000));
      follower_->tick(true);
    }
    step(1'000'000);
  }
  /// The process dies; only the first `durable` hand-overs were committed.
  void crash(std::size_t durable) {
    outputs_.resize(std::min(durable, outputs_.size()));
    stop();
  }
  [[nodiscard]] std::size_t handed_over() const { return outputs_.size(); }

  [[nodiscard]] std::map<std::string, Buffer> positions(std::size_t durable) const {
    std::map<std::string, Buffer> positions;
    for (std::size_t i = 0; i < durable; ++i) {
      const FollowerOutput& output = outputs_[i];
      if (!output.forget.empty()) positions.erase(output.forget);
      else positions[output.chunk.position.source] = output.chunk.position.position;
    }
    return positions;
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const FollowerOutput& output : outputs_) {
      spool::RecordChunkReader reader(output.chunk.bytes());
      while (const auto record = reader.next()) lines.emplace_back(as_text(record->data));
    }
    return lines;
  }
  FileFollower& follower() { return *follower_; }
  test::ManualClock& clock() { return clock_; }

  test::TempDirectory folder;
  test::LogCapture log;
  FileFollowerOptions options;
  std::function<void(const std::string& path)> looked;  ///< from the next start on: after each look at a file

 private:
  test::ManualClock clock_;
  std::unique_ptr<FileWatcher> watcher_;
  std::unique_ptr<FileFollower> follower_;
  std::vector<FollowerOutput> outputs_;
};

/// A program that writes numbered lines, keeps its file open across rotations, and rotates.
class LineWriter {
 public:
  explicit LineWriter(std::string path) : path_(std::move(path)) { reopen(); }
  ~LineWriter() { ::close(fd_); }

  void lines(int count, std::size_t padding) {
    std::string text;
    for (int i = 0; i < count; ++i) text += line(padding);
    write(text);
  }
  /// The first bytes of the next line; its rest comes with the next write.
  void half_line() {
    if (!rest_.empty()) return;
    const std::string text = line(20);
    write(text.substr(0, 9));
    rest_ = text.substr(9);
  }
  void finish_line() { write(""); }
  void reopen() {
    if (fd_ >= 0) finish_line();
    if (fd_ >= 0) ::close(fd_);
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  }
  void truncate() { EXPECT_EQ(::ftruncate(fd_, 0), 0); }
  [[nodiscard]] int written() const { return next_; }
  static std::string expected(int number, std::size_t padding) {
    return "line " + std::to_string(number) + " " + std::string(padding, static_cast<char>('a' + number % 26));
  }
  [[nodiscard]] const std::vector<std::string>& all() const { return all_; }

 private:
  std::string line(std::size_t padding) {
    all_.push_back(expected(next_++, padding));
    return all_.back() + "\n";
  }
  void write(const std::string& text) {
    const std::string bytes = std::exchange(rest_, {}) + text;
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t n = ::write(fd_, bytes.data() + done, bytes.size() - done);
      ASSERT_GT(n, 0);
      done += static_cast<std::size_t>(n);
    }
  }

  std::string path_;
  int fd_ = -1;
  int next_ = 0;
  std::string rest_;
  std::vector<std::string> all_;
};

}  // namespace forebay::agent
