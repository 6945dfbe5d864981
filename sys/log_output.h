#pragma once

#include <mutex>

#include "base/clock.h"
#include "base/log_format.h"

namespace forebay {

struct LogOutputOptions {
  int fd = 2;               ///< borrowed
  bool priorities = false;  ///< `<4>` before each line, as the systemd journal reads it
  bool times = true;        ///< UTC time before each line

  /// For standard error: priorities without times when the systemd journal reads it (JOURNAL_STREAM names that very
  /// pipe), times otherwise.
  static LogOutputOptions for_stderr();
};

/// Writes lines with one system call each and folds repeats (base/log_format.h). What was folded is reported with the
/// next line after its period, or at destruction. A write error is ignored: there is nowhere to report it.
/// Threads  any.
class FdLogOutput final : public LogOutput {
 public:
  FdLogOutput(const Clock& clock, LogOutputOptions options) : clock_(clock), options_(options) {}
  ~FdLogOutput() override;
  FdLogOutput(const FdLogOutput&) = delete;
  FdLogOutput& operator=(const FdLogOutput&) = delete;

  void write(LogLevel level, std::string_view component, std::string_view sentence,
             std::span<const LogField> fields) override;

 private:
  void print(LogLevel level, std::string_view component, std::string_view sentence, std::span<const LogField> fields);
  void print_folded(const std::vector<LogFolder::Folded>& all);

  const Clock& clock_;
  LogOutputOptions options_;
  std::mutex mutex_;
  LogFolder folder_;
};

}  // namespace forebay
