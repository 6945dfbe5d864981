#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gateway/delivery/objects/partition_query.h"

namespace forebay::gateway::delivery {

/// Reads the text of a PartitionQuery.
class PartitionQueryParser {
 public:
  explicit PartitionQueryParser(std::string_view text) : text_(text) {}
  /// Errors  invalid_argument, with what and where.
  Result<void> parse(std::vector<std::string>& ids, std::vector<PartitionQuery::Path>& paths);

 private:
  static constexpr std::size_t kStepsMax = 32;
  static constexpr std::size_t kCallsMax = 8;

  Result<void> member(std::vector<std::string>& ids, std::vector<PartitionQuery::Path>& paths);
  Result<void> path(PartitionQuery::Path& path);
  Result<void> bracket(PartitionQuery::Path& path);
  Result<void> call(PartitionQuery::Path& path);
  Result<std::string> quoted();
  std::string_view word();
  void skip_blanks();
  [[nodiscard]] char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c);
  Result<void> expect(char c, std::string_view behind);
  [[nodiscard]] Error refused(const std::string& why) const;

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace forebay::gateway::delivery
