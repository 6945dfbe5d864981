#include "wire/kinesis/shape_table.h"

namespace forebay::wire::kinesis {
namespace {

/// A '|' would end the table's cell.
std::string in_code(std::string_view text) {
  std::string out = "`";
  for (char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out + "`";
}

}  // namespace

void append_rule_text(std::string& out, const Rule& rule, std::string_view unit) {
  const Rule none;
  std::string text;
  if (rule.min != none.min && rule.max != none.max)
    text = std::to_string(rule.min) + ".." + std::to_string(rule.max);
  else if (rule.max != none.max)
    text = "at most " + std::to_string(rule.max);
  else if (rule.min != none.min)
    text = "at least " + std::to_string(rule.min);
  if (!text.empty()) text.append(unit);
  if (rule.pattern != nullptr) text.append(text.empty() ? "" : ", ").append(in_code(rule.pattern->text));
  if (rule.element.max != none.element.max) {
    text.append(text.empty() ? "" : ", ").append("each ").append(std::to_string(rule.element.min));
    text.append("..").append(std::to_string(rule.element.max)).append(" characters");
  }
  if (!text.empty() && !rule.values.empty()) text += ": ";
  for (std::size_t i = 0; i < rule.values.size(); ++i) text.append(i == 0 ? "" : ", ").append(rule.values[i]);
  out += text;
}

}  // namespace forebay::wire::kinesis
