#include "spool/journal_names.h"

#include <algorithm>
#include <charconv>

namespace forebay::spool {

constexpr std::string_view kJournalSuffix = ".journal";
constexpr std::string_view kSparePrefix = "spare.";
constexpr std::size_t kNumberDigits = 16;

std::string journal_file_name(std::uint64_t number) {
  std::string name;
  for (int shift = 60; shift >= 0; shift -= 4) name += "0123456789abcdef"[(number >> shift) & 15];
  name += kJournalSuffix;
  return name;
}

static std::optional<std::uint64_t> parse_number(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_journal_file_name(std::string_view name) {
  if (name.size() != kNumberDigits + kJournalSuffix.size() || !name.ends_with(kJournalSuffix)) return std::nullopt;
  const auto number = parse_number(name.substr(0, kNumberDigits), 16);
  if (!number || *number == 0 || journal_file_name(*number) != name) return std::nullopt;
  return number;
}

std::string spare_file_name(std::uint64_t id) { return std::string(kSparePrefix) + std::to_string(id); }

std::optional<std::uint64_t> parse_spare_file_name(std::string_view name) {
  if (!name.starts_with(kSparePrefix)) return std::nullopt;
  return parse_number(name.substr(kSparePrefix.size()), 10);
}

template <class Parse>
static Result<std::vector<std::uint64_t>> list_matching(FileSystem& files, const std::string& path, Parse parse) {
  FB_TRY(const std::vector<std::string> names, files.list(path));
  std::vector<std::uint64_t> numbers;
  for (const std::string& name : names) {
    if (const auto number = parse(name)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<std::vector<std::uint64_t>> list_journal_files(FileSystem& files, const std::string& path) {
  return list_matching(files, path, parse_journal_file_name);
}

Result<std::vector<std::uint64_t>> list_spare_files(FileSystem& files, const std::string& path) {
  return list_matching(files, path, parse_spare_file_name);
}

}  // namespace forebay::spool
