#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace forebay::gateway::delivery {

/// Parameters of a sink's URL, taken out one by one; each may be given once, but for lists. The first wrong one is kept
/// as the error.
class UrlQuery {
 public:
  explicit UrlQuery(std::string_view query);

  std::string text(std::string_view name, std::string otherwise = {});
  std::vector<std::string> list(std::string_view name);
  bool flag(std::string_view name, bool otherwise);
  /// A whole number within the limits, or one other value that means something of its own.
  std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t min, std::int64_t max,
                      std::optional<std::int64_t> or_else = std::nullopt);
  /// One of these words, the first of which is the default.
  std::string word(std::string_view name, const std::vector<std::string_view>& words);
  void fail(std::string sentence);

  /// What was not taken, as a query again.
  [[nodiscard]] std::string rest() const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& left() const { return items_; }
  /// Errors  the first parameter that was wrong.
  [[nodiscard]] Result<void> check() const;
  /// Errors  also a parameter that nobody took.
  [[nodiscard]] Result<void> check_all_taken() const;

 private:
  std::optional<std::string> take(std::string_view name);

  std::vector<std::pair<std::string, std::string>> items_;
  std::string problem_;
};

}  // namespace forebay::gateway::delivery
