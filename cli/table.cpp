#include "cli/table.h"

#include <algorithm>

#include "base/assert.h"

namespace forebay::cli {
namespace {

/// Characters on screen, taking every code point as one column.
std::size_t width_of(const std::string& cell) {
  return static_cast<std::size_t>(std::count_if(cell.begin(), cell.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_number(const std::string& cell) {
  return !cell.empty() &&
         std::all_of(cell.begin(), cell.end(), [](char c) { return (c >= '0' && c <= '9') || c == ','; });
}

void append_cell(std::string& line, const std::string& cell, std::size_t width, bool right) {
  const std::string padding(width - width_of(cell), ' ');
  if (!line.empty()) line += "  ";
  line += right ? padding + cell : cell + padding;
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
  FB_ASSERT(cells.size() == headings_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  std::vector<bool> right;
  for (std::size_t column = 0; column < headings_.size(); ++column) {
    std::size_t width = width_of(headings_[column]);
    bool numbers = !rows_.empty();
    for (const auto& row : rows_) {
      width = std::max(width, width_of(row[column]));
      numbers = numbers && is_number(row[column]);
    }
    widths.push_back(width);
    right.push_back(numbers);
  }
  std::string out;
  const auto append_row = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column)
      append_cell(line, row[column], widths[column], right[column]);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  };
  append_row(headings_);
  for (const auto& row : rows_) append_row(row);
  return out;
}

}  // namespace forebay::cli
