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
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    auto value = find_partition_value(record, paths_[i].steps);
    for (std::size_t call = 0; value && call < paths_[i].calls.size(); ++call)
      value = apply_partition_call(paths_[i].calls[call], *std::move(value));
    if (value && value->kind == PartitionValue::Kind::null)
      value = Error{Errc::invalid_argument, "it is null or absent"};
    if (!value) return std::move(value).error().with_context("partition key " + ids_[i]);
    values.push_back(std::move(value->text));
  }
  return {};
}

}  // namespace forebay::gateway::delivery
