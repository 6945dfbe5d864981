#include "gateway/delivery/objects/partition_query.h"

#include "gateway/delivery/objects/partition_query_parser.h"
#include "gateway/delivery/objects/partition_value.h"

namespace forebay::gateway::delivery {

Result<PartitionQuery> PartitionQuery::parse(std::string_view text) {
  PartitionQuery query;
  if (text.empty()) return query;
  PartitionQueryParser parser(text);
  FB_CHECK(parser.parse(query.ids_, query.paths_));
  return query;
}

Result<void> PartitionQuery::evaluate(std::string_view record, std::vector<std::string>& values) const {
  values.clear();
  if (paths_.empty()) return {};
  std::vector<PartitionValue> found;
  FB_CHECK(find_partition_values(record, paths_, found));
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    const auto refused = [&](const std::string& why) {
      return Error{Errc::invalid_argument, "partition key " + ids_[i] + ": " + why};
    };
    if (!found[i].problem.empty()) return refused(found[i].problem);
    for (const Call& call : paths_[i].calls) {
      auto value = apply_partition_call(call, std::move(found[i]));
      if (!value) return refused(value.error().context);
      found[i] = *std::move(value);
    }
    if (found[i].kind == PartitionValue::Kind::null) return refused("it is null or absent");
    values.push_back(std::move(found[i].text));
  }
  return {};
}

}  // namespace forebay::gateway::delivery
