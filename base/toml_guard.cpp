#include "base/toml_guard.h"

#include "base/utf8.h"

namespace forebay {
namespace {

/// Walks the text once and knows what is string, comment or syntax. A single-line string ends with its line, so an
/// unclosed quote cannot hide what follows from the checks.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<TomlProblem> scan() {
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '\n')
        next_line();
      else if (at_ - line_start_ >= kTomlLineBytesMax)
        return problem("line is longer than 4 KiB; split it");
      else if (c == 0)
        return problem("NUL byte; the file must be text");
      else if (comment_)
        ++at_;
      else if (quote_ != 0)
        in_string();
      else if (c >= 0x80)
        return problem("non-ASCII character outside a quoted string; put it in quotes");
      else if (auto bad = in_syntax(text_[at_]))
        return bad;
    }
    return std::nullopt;
  }

 private:
  TomlProblem problem(std::string sentence) const { return {line_, at_ - line_start_ + 1, std::move(sentence)}; }
  bool three_at(char quote) const { return text_.substr(at_, 3) == std::string(3, quote); }

  void next_line() {
    ++at_;
    ++line_;
    line_start_ = at_;
    dots_ = 0;
    comment_ = false;
    if (!multi_line_) quote_ = 0;
  }

  void in_string() {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (quote_ == '"' && text_[at_] == '\\' && (next == '"' || next == '\\')) {
      at_ += 2;
      return;
    }
    if (text_[at_] != quote_ || (multi_line_ && !three_at(quote_))) {
      ++at_;
      return;
    }
    if (!multi_line_) {
      ++at_;
    } else {
      at_ += 3;  // up to two quotes may stand right before the closing three
      for (int i = 0; i < 2 && at_ < text_.size() && text_[at_] == quote_; ++i) ++at_;
    }
    quote_ = 0;
    multi_line_ = false;
  }

  std::optional<TomlProblem> in_syntax(char c) {
    if (c == '#') comment_ = true;
    if (c == '.' && ++dots_ > kTomlDotsMax) return problem("more than 16 dots in a line; keys are not that deep");
    if ((c == '[' || c == '{') && ++depth_ > kTomlNestingMax) return problem("brackets are nested too deep");
    if ((c == ']' || c == '}') && depth_ > 0) --depth_;
    if (c == '"' || c == '\'') {
      quote_ = c;
      multi_line_ = three_at(c);
      at_ += multi_line_ ? 3 : 1;
    } else {
      ++at_;
    }
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
  std::size_t dots_ = 0;
  std::size_t depth_ = 0;
  char quote_ = 0;  ///< the quote of the string we are in, or 0
  bool multi_line_ = false;
  bool comment_ = false;
};

TomlProblem problem_at(std::string_view text, std::size_t at, std::string sentence) {
  TomlProblem problem{1, 1, std::move(sentence)};
  for (const char c : text.substr(0, at)) {
    problem.column = c == '\n' ? 1 : problem.column + 1;
    if (c == '\n') ++problem.line;
  }
  return problem;
}

}  // namespace

std::optional<TomlProblem> check_toml_text(std::string_view text) {
  if (text.size() > kTomlFileBytesMax) return TomlProblem{1, 1, "file is larger than 256 KiB; split it into drop-ins"};
  const std::size_t bad = utf8_error_position(text);
  if (bad != std::string_view::npos) return problem_at(text, bad, "not UTF-8; save the file as UTF-8");
  return Scanner(text).scan();
}

}  // namespace forebay
