#include "base/units_text.h"

#include <charconv>
#include <limits>
#include <span>

namespace forebay {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

// Largest first, as formatting wants them.
constexpr Unit kSizeUnits[] = {
    {"TiB", 1ULL << 40}, {"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"B", 1}};
constexpr Unit kDecimalSizeUnits[] = {
    {"TB", 1'000'000'000'000}, {"GB", 1'000'000'000}, {"MB", 1'000'000}, {"kB", 1000}};
constexpr Unit kDurationUnits[] = {{"d", 86'400'000}, {"h", 3'600'000}, {"min", 60'000}, {"s", 1000}, {"ms", 1}};

const Unit* find_unit(std::span<const Unit> units, std::string_view name) {
  for (const Unit& unit : units)
    if (unit.name == name) return &unit;
  return nullptr;
}

struct NumberAndUnit {
  std::uint64_t number;
  std::string_view unit;
};

std::optional<NumberAndUnit> split(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (!unit.empty() && unit[0] == ' ') unit.remove_prefix(1);
  return NumberAndUnit{number, unit};
}

std::optional<std::uint64_t> scaled(std::uint64_t number, const Unit* unit) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (unit == nullptr || number > kMax / unit->factor) return std::nullopt;
  return number * unit->factor;
}

std::string format(std::uint64_t value, std::span<const Unit> units) {
  for (const Unit& unit : units)
    if (value % unit.factor == 0 && (value != 0 || unit.factor == 1))
      return std::to_string(value / unit.factor) + " " + std::string(unit.name);
  return std::to_string(value);
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  if (parts->unit.empty()) return scaled(parts->number, &kSizeUnits[4]);
  const Unit* unit = find_unit(kSizeUnits, parts->unit);
  return scaled(parts->number, unit != nullptr ? unit : find_unit(kDecimalSizeUnits, parts->unit));
}

std::optional<Milliseconds> parse_duration(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  if (parts->unit.empty()) return parts->number == 0 ? std::optional(Milliseconds(0)) : std::nullopt;
  const auto value = scaled(parts->number, find_unit(kDurationUnits, parts->unit));
  if (!value) return std::nullopt;
  return Milliseconds(static_cast<std::int64_t>(*value));
}

std::string format_size(std::uint64_t bytes) { return format(bytes, kSizeUnits); }

std::string format_duration(Milliseconds duration) {
  return format(static_cast<std::uint64_t>(duration.count()), kDurationUnits);
}

}  // namespace forebay
