#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace forebay {

/// Everything that is wrong with a configuration, so that one look shows all of it.
class ConfigProblems {
 public:
  explicit ConfigProblems(std::size_t max) : max_(max) {}

  void add(std::string line) {
    if (lines_.size() < max_) lines_.push_back(std::move(line));
    else ++more_;
  }
  void add(const std::string& origin, std::string_view name, std::string_view sentence) {
    add(origin + ": " + std::string(name) + ": " + std::string(sentence));
  }
  [[nodiscard]] bool empty() const { return lines_.empty(); }
  /// invalid_argument with one line per problem.
  [[nodiscard]] Error to_error() const {
    std::string text;
    for (const std::string& line : lines_) text += (text.empty() ? "" : "\n") + line;
    if (more_ > 0) text += "\nand " + std::to_string(more_) + " more";
    return Error{Errc::invalid_argument, std::move(text)};
  }

 private:
  std::size_t max_;
  std::vector<std::string> lines_;
  std::size_t more_ = 0;
};

}  // namespace forebay
