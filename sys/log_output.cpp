#include "sys/log_output.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace forebay {
namespace {

/// systemd sets JOURNAL_STREAM to "device:inode" of the pipe; a child with a redirected standard error must not match.
bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat facts {};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &facts) != 0) return false;
  unsigned long long device = 0;
  unsigned long long inode = 0;
  if (std::sscanf(stream, "%llu:%llu", &device, &inode) != 2) return false;
  return facts.st_dev == device && facts.st_ino == inode;
}

std::string_view priority(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "<7>";
    case LogLevel::info: return "<6>";
    case LogLevel::warning: return "<4>";
    case LogLevel::error: return "<3>";
  }
  return "<6>";
}

/// "2026-01-02T03:04:05.678Z "
std::string utc_time(WallTime now) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(now - day);
  std::array<char, 48> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                    static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return std::string(text.data(), static_cast<std::size_t>(size));
}

void write_whole(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(fd, text.data(), text.size());
    if (put < 0 && errno != EINTR) return;
    if (put > 0) text.remove_prefix(static_cast<std::size_t>(put));
  }
}

}  // namespace

LogOutputOptions LogOutputOptions::for_stderr() {
  LogOutputOptions options;
  options.priorities = stderr_is_journal();
  options.times = !options.priorities;
  return options;
}

FdLogOutput::~FdLogOutput() { print_folded(folder_.take_all()); }

void FdLogOutput::write(LogLevel level, std::string_view component, std::string_view sentence,
                        std::span<const LogField> fields) {
  std::lock_guard lock(mutex_);
  const SteadyTime now = clock_.steady_now();
  const bool admitted = folder_.admit(level, component, sentence, now);
  print_folded(folder_.take_folded(now));
  if (admitted) print(level, component, sentence, fields);
}

void FdLogOutput::print(LogLevel level, std::string_view component, std::string_view sentence,
                        std::span<const LogField> fields) {
  std::string line;
  if (options_.priorities) line += priority(level);
  if (options_.times) line += utc_time(clock_.wall_now());
  line += format_log_line(level, component, sentence, fields);
  line += '\n';
  write_whole(options_.fd, line);
}

void FdLogOutput::print_folded(const std::vector<LogFolder::Folded>& all) {
  for (const LogFolder::Folded& folded : all) {
    const LogField repeats("repeats", folded.count);
    print(folded.level, folded.component, folded.sentence, {&repeats, 1});
  }
}

}  // namespace forebay
