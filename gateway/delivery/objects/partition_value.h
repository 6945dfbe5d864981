#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gateway/delivery/objects/partition_query.h"

namespace forebay::gateway::delivery {

/// A scalar of a JSON text.
struct PartitionValue {
  enum class Kind : std::uint8_t { null, text, number, boolean };
  Kind kind = Kind::null;
  std::string text;     ///< as jq prints it raw
  std::string problem;  ///< a step into a scalar, an object or array at the end; empty: none
};

/// Reads the text once and finds the values at the ends of all paths, in their order. Of repeated names the last
/// counts; what is behind a null or absent is null. Shape   at most PartitionQuery::kMembersMax paths. Errors
/// invalid_argument: not one valid JSON value.
Result<void> find_partition_values(std::string_view json, const std::vector<PartitionQuery::Path>& paths,
                                   std::vector<PartitionValue>& values);

/// Errors  invalid_argument: the function does not take a value of this kind.
Result<PartitionValue> apply_partition_call(const PartitionQuery::Call& call, PartitionValue value);

/// A number as jq prints it: whole numbers of up to 17 digits as they are, others as the shortest text of the double.
std::string partition_number(std::string_view number);

}  // namespace forebay::gateway::delivery
