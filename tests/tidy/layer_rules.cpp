#include "tests/tidy/layer_rules.h"

#include <algorithm>
#include <regex>

#include "base/assert.h"

namespace forebay::test {

LayerRules::LayerRules(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    const std::size_t colon = line.rfind(':');
    FB_ASSERT(colon != std::string::npos);
    const std::vector<std::string> left = words_of(line.substr(0, colon));
    const std::vector<std::string> right = words_of(line.substr(colon + 1));
    FB_ASSERT(left.size() == 2);
    if (left[0] == "unit") units_[left[1]].insert(right.begin(), right.end());
    else if (left[0] == "extra") extras_[left[1]].insert(right.begin(), right.end());
    else if (left[0] == "library") libraries_[left[1]] = right;
    else FB_UNREACHABLE();
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

std::vector<std::string> LayerRules::violations(const SourceFile& file) const {
  static const std::regex kInclude(R"(^#\s*include\s*(["<])([^">]+)[">])", std::regex::multiline);
  std::vector<std::string> all;
  const std::string unit = unit_of(file.path);
  if (unit.empty()) return {file.path + ": its folder has no row in layers.txt; add one"};
  for (std::sregex_iterator it(file.text.begin(), file.text.end(), kInclude), end; it != end; ++it) {
    const std::string header = (*it)[2];
    const std::string where = place_of(file, static_cast<std::size_t>(it->position()));
    if ((*it)[1] == "<") {
      if (!library_allowed(file.path, header)) all.push_back(where + ": <" + header + "> stands behind another file");
      continue;
    }
    const std::string target = unit_of(header);
    if (target.empty()) all.push_back(where + ": " + header + " is not a path from the root");
    else if (!allowed(file.path, unit, target)) all.push_back(where + ": " + unit + " may not include " + header);
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
