#pragma once

#include <deque>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/units.h"

namespace forebay {

std::string_view to_string(LogLevel level);

/// One line without its newline: `level component sentence key=value key="a value"`.
/// Values with white space, quotes, `=` or control bytes are quoted and escaped, bytes that are not UTF-8 become \xNN,
/// and values over kLogValueBytesMax are cut, so one call is always one line of bounded length.
std::string format_log_line(LogLevel level, std::string_view component, std::string_view sentence,
                            std::span<const LogField> fields);
inline constexpr std::size_t kLogValueBytesMax = 1024;

/// Decides which repeats of one sentence from one component are written. The first kLines of a period go through, the
/// rest are counted; the count comes out once when the period ends. Time is passed in.
/// Threads  one caller at a time.
class LogFolder {
 public:
  static constexpr int kLines = 10;
  static constexpr std::chrono::seconds kPeriod{10};
  /// Sentences remembered at once; the oldest is summed up early when more come.
  static constexpr std::size_t kSentencesMax = 256;

  struct Folded {
    LogLevel level;
    std::string component;
    std::string sentence;
    std::uint64_t count;
  };

  /// True when the line is to be written, false when it was counted instead.
  bool admit(LogLevel level, std::string_view component, std::string_view sentence, SteadyTime now);
  /// What was folded in periods that have ended by `now` (or were pushed out); each is returned once.
  std::vector<Folded> take_folded(SteadyTime now);
  /// The same for all periods, ended or not: at the end of the program.
  std::vector<Folded> take_all();

 private:
  struct Period {
    Folded folded;
    SteadyTime start;
    int lines;
  };
  void finish_front();

  std::deque<Period> periods_;  ///< by start
  std::vector<Folded> finished_;
};

}  // namespace forebay
