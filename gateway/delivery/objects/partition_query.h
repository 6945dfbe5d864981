#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace forebay::gateway::delivery {

/// What a record is partitioned by: a jq object of paths, the part of jq that names partitions.
///
///     {customer: .customer_id, device, "kind": .type["device kind"], first: .tags[0],
///      day: .time | strftime("%Y-%m-%d")}
///
/// A path is of .name, ["name"], [index] and behind it any of | tostring, | ascii_downcase, | ascii_upcase and
/// | strftime("...") of %Y %m %d %H %M %S %j and %%, of seconds since 1970 in UTC. `name` alone means name: .name.
class PartitionQuery {
 public:
  static constexpr std::size_t kMembersMax = 50;

  /// An empty text gives a query without members.
  /// Errors  invalid_argument: what is no jq object of such paths, named with its place.
  static Result<PartitionQuery> parse(std::string_view text);

  [[nodiscard]] const std::vector<std::string>& ids() const { return ids_; }
  /// Values of all members, in the order of ids(): strings as they are, numbers and booleans as jq prints them.
  /// Errors  invalid_argument: no single JSON value, or a member whose value is null, an object or an array.
  Result<void> evaluate(std::string_view record, std::vector<std::string>& values) const;

  struct Step {
    std::string name;         ///< of a member
    std::int64_t index = -1;  ///< of an element, when not negative
  };
  enum class Function : std::uint8_t { tostring, ascii_downcase, ascii_upcase, strftime };
  struct Call {
    Function function;
    std::string format;  ///< of strftime
  };
  struct Path {
    std::vector<Step> steps;
    std::vector<Call> calls;
  };

 private:
  std::vector<std::string> ids_;
  std::vector<Path> paths_;
};

}  // namespace forebay::gateway::delivery
