#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace forebay {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// One key=value of a log line. Names come from the vocabulary; never payloads, keys or tokens.
struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;

  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, bool v) : name(n), value(v) {}
  LogField(std::string_view n, double v) : name(n), value(v) {}
  template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  LogField(std::string_view n, T v) : name(n) {
    if constexpr (std::is_signed_v<T>) value = static_cast<std::int64_t>(v);
    else value = static_cast<std::uint64_t>(v);
  }
};

/// Where log lines go. Threads  any.
class LogOutput {
 public:
  virtual ~LogOutput() = default;
  virtual void write(LogLevel level, std::string_view component, std::string_view sentence,
                     std::span<const LogField> fields) = 0;
};

/// Writes constant sentences with fields: logger.warning("upload refused", {{"stream", name}, {"status", 400}}).
/// Error = somebody must act; warning = handled but unusual; info = life cycle. Repeats of one sentence from one
/// component are folded by the output and counted. Cheap to copy. On a line with co_await, call it before or after.
/// Threads  any.
class Logger {
 public:
  Logger(LogOutput& output, std::string_view component, LogLevel level = LogLevel::info)
      : output_(&output), component_(component), level_(level) {}

  /// The same output under another component name, which must outlive the result (use a literal).
  [[nodiscard]] Logger child(std::string_view component) const { return Logger(*output_, component, level_); }
  [[nodiscard]] bool enabled(LogLevel level) const { return level >= level_; }

  void debug(std::string_view s, std::initializer_list<LogField> f = {}) const { write(LogLevel::debug, s, f); }
  void info(std::string_view s, std::initializer_list<LogField> f = {}) const { write(LogLevel::info, s, f); }
  void warning(std::string_view s, std::initializer_list<LogField> f = {}) const { write(LogLevel::warning, s, f); }
  void error(std::string_view s, std::initializer_list<LogField> f = {}) const { write(LogLevel::error, s, f); }

 private:
  void write(LogLevel level, std::string_view sentence, std::initializer_list<LogField> fields) const {
    if (enabled(level)) output_->write(level, component_, sentence, std::span(fields.begin(), fields.size()));
  }

  LogOutput* output_;
  std::string_view component_;
  LogLevel level_;
};

}  // namespace forebay
