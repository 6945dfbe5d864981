#include "tests/tidy/layer_rules.h"

#include <algorithm>
#include <optional>

#include "base/assert.h"

namespace forebay::test {
namespace {

std::string_view without_spaces(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// The header an #include line names.
std::optional<LayerRules::Include> include_of(std::string_view line) {
  line = without_spaces(line);
  if (!line.starts_with('#')) return std::nullopt;
  line = without_spaces(line.substr(1));
  if (!line.starts_with("include")) return std::nullopt;
  line = without_spaces(line.substr(7));
  if (line.empty() || (line[0] != '<' && line[0] != '"')) return std::nullopt;
  const bool angled = line[0] == '<';
  const std::size_t end = line.find(angled ? '>' : '"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return LayerRules::Include{std::string(line.substr(1, end - 1)), angled};
}

}  // namespace

LayerRules::LayerRules(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    const std::size_t colon = line.rfind(':');
    FB_ASSERT(colon != std::string::npos);
    const std::vector<std::string> left = words_of(line.substr(0, colon));
    const std::vector<std::string> right = words_of(line.substr(colon + 1));
    FB_ASSERT(left.size() == 2);
    if (left[0] == "unit")
      units_[left[1]].insert(right.begin(), right.end());
    else if (left[0] == "extra")
      extras_[left[1]].insert(right.begin(), right.end());
    else if (left[0] == "library")
      libraries_[left[1]] = right;
    else
      FB_UNREACHABLE();
  }
}

std::string LayerRules::unit_of(const std::string& path) const {
  std::string best;
  for (const auto& [unit, allowed] : units_) {
    const bool fits = path.starts_with(unit) && (path[unit.size()] == '/' || path[unit.size()] == '.');
    if (fits && unit.size() > best.size()) best = unit;
  }
  return best;
}

bool LayerRules::allowed(const std::string& path, const std::string& unit, const std::string& target) const {
  if (target == unit || units_.at(unit).contains(target)) return true;
  return std::any_of(extras_.begin(), extras_.end(),
                     [&](const auto& extra) { return fits_glob(path, extra.first) && extra.second.contains(target); });
}

bool LayerRules::library_allowed(const std::string& path, const std::string& header) const {
  for (const auto& [prefix, globs] : libraries_)
    if (header.starts_with(prefix))
      return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) { return fits_glob(path, glob); });
  return true;
}

std::string LayerRules::violation(const std::string& path, const std::string& unit, const Include& include) const {
  if (include.angled)
    return library_allowed(path, include.header) ? "" : "<" + include.header + "> stands behind another file";
  const std::string target = unit_of(include.header);
  if (target.empty()) return include.header + " is not a path from the root";
  return allowed(path, unit, target) ? "" : unit + " may not include " + include.header;
}

std::vector<std::string> LayerRules::violations(const SourceFile& file) const {
  const std::string unit = unit_of(file.path);
  if (unit.empty()) return {file.path + ": its folder has no row in layers.txt; add one"};
  std::vector<std::string> all;
  for (std::size_t at = 0; at < file.text.size();) {
    const std::size_t end = std::min(file.text.find('\n', at), file.text.size());
    if (const auto include = include_of(std::string_view(file.text).substr(at, end - at)))
      if (const std::string what = violation(file.path, unit, *include); !what.empty())
        all.push_back(place_of(file, at) + ": " + what);
    at = end + 1;
  }
  return all;
}

std::vector<std::string> LayerRules::unknown_names() const {
  std::vector<std::string> unknown;
  for (const auto* table : {&units_, &extras_})
    for (const auto& [name, targets] : *table)
      for (const std::string& target : targets)
        if (!units_.contains(target)) unknown.push_back(target);
  return unknown;
}

}  // namespace forebay::test
