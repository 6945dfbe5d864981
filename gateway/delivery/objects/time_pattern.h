#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace forebay::gateway::delivery {

/// A date pattern in the words of Java's DateTimeFormatter (locale en-US), the part that names of objects need:
///
///     y year   M month (MMM Jan, MMMM January)   d day   D day of the year   H 0..23   h 1..12   m minute   s second
///     S fraction (zeros: names have seconds)   a AM/PM   E weekday (Mon, EEEE Monday)   e weekday 1 = Sunday .. 7
///
/// 'text' is literal, '' is a quote; other characters stand for themselves.
class TimePattern {
 public:
  static constexpr std::size_t kFractionDigitsMax = 9;

  /// Errors  invalid_argument: a letter or repetition that is not among these, with its place.
  static Result<TimePattern> parse(std::string_view pattern);
  /// `local_seconds`: seconds since 1970 on the clock of the wall, years 1 to 9999.
  void append(std::string& out, std::int64_t local_seconds) const;
  [[nodiscard]] std::string format(std::int64_t local_seconds) const;

 private:
  struct Field {
    char letter = 0;  ///< 0: literal
    std::size_t count = 0;
    std::string literal;
  };

  void add_literal(std::string_view text);
  static Result<std::size_t> read_quoted(std::string_view pattern, std::size_t at, TimePattern& out);

  std::vector<Field> fields_;
};

}  // namespace forebay::gateway::delivery
