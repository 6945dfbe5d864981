#include "gateway/delivery/objects/hive_type.h"

#include <charconv>
#include <string>

namespace forebay::gateway::delivery {
namespace {

constexpr int kPrecisionMax = 38;
constexpr int kLengthMax = 65535;

struct Row {
  std::string_view name;
  forebay_parquet_type type;
};
constexpr Row kRows[] = {
    {"string", FOREBAY_PARQUET_STRING},   {"binary", FOREBAY_PARQUET_BINARY},       {"tinyint", FOREBAY_PARQUET_INT8},
    {"smallint", FOREBAY_PARQUET_INT16},  {"int", FOREBAY_PARQUET_INT32},           {"integer", FOREBAY_PARQUET_INT32},
    {"bigint", FOREBAY_PARQUET_INT64},    {"float", FOREBAY_PARQUET_FLOAT},         {"double", FOREBAY_PARQUET_DOUBLE},
    {"boolean", FOREBAY_PARQUET_BOOLEAN}, {"timestamp", FOREBAY_PARQUET_TIMESTAMP}, {"date", FOREBAY_PARQUET_DATE}};

/// Lower case, without blanks.
std::string normalized(std::string_view name) {
  std::string out;
  for (const char c : name)
    if (c != ' ') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// A number, and what follows it.
bool take_number(std::string_view& text, int max, int& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || out < 0 || out > max) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

bool parse_decimal(std::string_view text, HiveType& out) {
  out = {FOREBAY_PARQUET_DECIMAL, 10, 0};  // what Hive means by "decimal"
  if (text.empty()) return true;
  if (!take(text, "(") || !take_number(text, kPrecisionMax, out.precision)) return false;
  if (take(text, ",") && !take_number(text, out.precision, out.scale)) return false;
  return text == ")" && out.precision > 0;
}

}  // namespace

Result<HiveType> HiveType::parse(std::string_view name) {
  const std::string whole = normalized(name);
  for (const Row& row : kRows)
    if (row.name == whole) return HiveType{row.type, 0, 0};
  std::string_view text = whole;
  HiveType decimal;
  if (take(text, "decimal") && parse_decimal(text, decimal)) return decimal;
  int length = 0;
  text = whole;
  if ((take(text, "varchar(") || take(text, "char(")) && take_number(text, kLengthMax, length) && text == ")")
    return HiveType{};
  return Error{Errc::invalid_argument,
               "type \"" + std::string(name) +
                   "\" is none of string, varchar(N), char(N), binary, "
                   "tinyint, smallint, int, bigint, float, double, boolean, timestamp, date, decimal(P,S)"};
}

std::size_t HiveType::width() const {
  switch (type) {
    case FOREBAY_PARQUET_INT8: return 1;
    case FOREBAY_PARQUET_INT16: return 2;
    case FOREBAY_PARQUET_INT32:
    case FOREBAY_PARQUET_FLOAT:
    case FOREBAY_PARQUET_DATE: return 4;
    case FOREBAY_PARQUET_INT64:
    case FOREBAY_PARQUET_DOUBLE:
    case FOREBAY_PARQUET_TIMESTAMP: return 8;
    case FOREBAY_PARQUET_DECIMAL: return 16;
    default: return 0;
  }
}

}  // namespace forebay::gateway::delivery
