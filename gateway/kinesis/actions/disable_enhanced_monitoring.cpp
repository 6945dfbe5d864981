// DisableEnhancedMonitoring: the answer has the shard metrics before and after the call; ALL stands for the seven
// names.
#include "wire/kinesis/shapes/disable_enhanced_monitoring.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/change_monitoring.h"
#include "gateway/kinesis/call_codec.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::DisableEnhancedMonitoringRequest;
using wire::kinesis::Fault;

Task<Reply> disable_enhanced_monitoring(Call& call) {
  auto decoded = decode_call<DisableEnhancedMonitoringRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<DisableEnhancedMonitoringRequest>(decoded);
  co_return co_await change_monitoring(call, MonitoringChange::disable, request.stream_name, request.stream_arn,
                                       *request.shard_level_metrics);
}

}  // namespace forebay::gateway::kinesis
