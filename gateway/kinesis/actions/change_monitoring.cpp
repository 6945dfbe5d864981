#include "gateway/kinesis/actions/change_monitoring.h"

#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/describe.h"
#include "gateway/kinesis/monitoring.h"
#include "gateway/kinesis/stream_edit.h"
#include "wire/kinesis/shapes/enhanced_monitoring_response.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;

Task<Reply> change_monitoring(Call& call, MonitoringChange change, std::optional<std::string> name,
                              std::optional<std::string> arn, std::vector<std::string> metrics) {
  auto found = find_stream(call, name, arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(found);
  wire::kinesis::EnhancedMonitoringResponse response;
  EditPlan plan = [&response, &metrics, change](const stream::Stream& now) -> Edit {
    response.current_shard_level_metrics = enabled_metrics(now);
    response.desired_shard_level_metrics = change == MonitoringChange::enable
                                               ? with_metrics(response.current_shard_level_metrics, metrics)
                                               : without_metrics(response.current_shard_level_metrics, metrics);
    stream::StreamSettings settings;
    if (response.current_shard_level_metrics != response.desired_shard_level_metrics)
      settings.attributes.push_back(metrics_change(response.desired_shard_level_metrics));
    return settings;
  };
  auto changed = co_await edit_stream(call, stream, std::move(plan));
  if (auto* fault = std::get_if<Fault>(&changed)) co_return std::move(*fault);
  response.stream_name = stream->name;
  response.stream_arn = arn_of(call, stream->name);
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
