#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/log_format.h"

namespace forebay::test {

/// Keeps every line as it would be printed. Threads  any.
class LogCapture final : public LogOutput {
 public:
  void write(LogLevel level, std::string_view component, std::string_view sentence,
             std::span<const LogField> fields) override {
    std::lock_guard lock(mutex_);
    lines_.push_back(format_log_line(level, component, sentence, fields));
  }

  [[nodiscard]] std::vector<std::string> lines() const {
    std::lock_guard lock(mutex_);
    return lines_;
  }
  /// Lines that contain `text`.
  [[nodiscard]] std::size_t count(std::string_view text) const {
    std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::count_if(lines_.begin(), lines_.end(), [&](const std::string& line) {
      return line.find(text) != std::string::npos;
    }));
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

}  // namespace forebay::test
