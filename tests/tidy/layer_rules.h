#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/tidy/source_tree.h"

namespace forebay::test {

/// The include table of layers.txt.
class LayerRules {
 public:
  explicit LayerRules(const std::vector<std::string>& lines);

  struct Include {
    std::string header;
    bool angled = false;
  };

  /// One sentence per include that the table does not allow.
  [[nodiscard]] std::vector<std::string> violations(const SourceFile& file) const;
  /// Names in the table that are no unit: slips in the table itself.
  [[nodiscard]] std::vector<std::string> unknown_names() const;

 private:
  [[nodiscard]] std::string violation(const std::string& path, const std::string& unit, const Include& include) const;
  [[nodiscard]] std::string unit_of(const std::string& path) const;
  [[nodiscard]] bool allowed(const std::string& path, const std::string& unit, const std::string& target) const;
  [[nodiscard]] bool library_allowed(const std::string& path, const std::string& header) const;

  std::map<std::string, std::set<std::string>> units_;
  std::map<std::string, std::set<std::string>> extras_;
  std::map<std::string, std::vector<std::string>> libraries_;
};

}  // namespace forebay::test
