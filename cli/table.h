#pragma once

#include <string>
#include <vector>

namespace forebay::cli {

/// Columns padded to their widest cell, two blanks between, headings on top. Columns of numbers align to the right.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}
  /// Shape  as many cells as headings.
  void add(std::vector<std::string> cells);
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace forebay::cli
