#include "base/log_format.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/utf8.h"

namespace forebay {
namespace {

bool needs_quotes(std::string_view text) {
  if (text.empty()) return true;
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c <= ' ' || c == '"' || c == '\\' || c == '=' || c >= 0x7f; });
}

void append_byte_escape(std::string& out, unsigned char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  out += "\\x";
  out += kDigits[c >> 4];
  out += kDigits[c & 15];
}

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text[0]);
    const std::size_t size = std::max<std::size_t>(1, utf8_sequence_size(text));
    if (c == '"' || c == '\\')
      (out += '\\') += text[0];
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (c < ' ' || c == 0x7f || (c >= 0x80 && size == 1))
      append_byte_escape(out, c);
    else
      out += text.substr(0, size);
    text.remove_prefix(size);
  }
}

void append_text(std::string& out, std::string_view text) {
  const bool cut = text.size() > kLogValueBytesMax;
  if (cut) text = text.substr(0, kLogValueBytesMax);
  if (!cut && !needs_quotes(text)) {
    out += text;
    return;
  }
  out += '"';
  append_escaped(out, text);
  out += cut ? "...\"" : "\"";
}

void append_number(std::string& out, double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof(text), value, std::chars_format::general, 6);
  out.append(text, end.ptr);
}

struct AppendValue {
  std::string& out;
  void operator()(std::string_view v) const { append_text(out, v); }
  void operator()(std::int64_t v) const { out += std::to_string(v); }
  void operator()(std::uint64_t v) const { out += std::to_string(v); }
  void operator()(double v) const { append_number(out, v); }
  void operator()(bool v) const { out += v ? "true" : "false"; }
};

}  // namespace

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warning: return "warning";
    case LogLevel::error: return "error";
  }
  return "unknown";
}

std::string format_log_line(LogLevel level, std::string_view component, std::string_view sentence,
                            std::span<const LogField> fields) {
  std::string line(to_string(level));
  line += ' ';
  line += component;
  line += ' ';
  append_escaped(line, sentence);
  for (const LogField& field : fields) {
    line += ' ';
    line += field.name;
    line += '=';
    std::visit(AppendValue{line}, field.value);
  }
  return line;
}

bool LogFolder::admit(LogLevel level, std::string_view component, std::string_view sentence, SteadyTime now) {
  while (!periods_.empty() && now - periods_.front().start >= kPeriod) finish_front();
  for (Period& period : periods_) {
    if (period.folded.sentence != sentence || period.folded.component != component) continue;
    if (period.lines < kLines) return ++period.lines, true;
    period.folded.level = std::max(period.folded.level, level);
    ++period.folded.count;
    return false;
  }
  if (periods_.size() == kSentencesMax) finish_front();
  periods_.push_back(Period{Folded{level, std::string(component), std::string(sentence), 0}, now, 1});
  return true;
}

std::vector<LogFolder::Folded> LogFolder::take_folded(SteadyTime now) {
  while (!periods_.empty() && now - periods_.front().start >= kPeriod) finish_front();
  return std::exchange(finished_, {});
}

std::vector<LogFolder::Folded> LogFolder::take_all() {
  while (!periods_.empty()) finish_front();
  return std::exchange(finished_, {});
}

void LogFolder::finish_front() {
  if (periods_.front().folded.count > 0) finished_.push_back(std::move(periods_.front().folded));
  periods_.pop_front();
}

}  // namespace forebay
