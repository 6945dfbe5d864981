// IncreaseStreamRetentionPeriod: 24 to 8760 hours; the present value is accepted.
#include "wire/kinesis/shapes/increase_stream_retention_period.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/retention.h"
#include "gateway/kinesis/call_codec.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::IncreaseStreamRetentionPeriodRequest;

Task<Reply> increase_stream_retention_period(Call& call) {
  auto decoded = decode_call<IncreaseStreamRetentionPeriodRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<IncreaseStreamRetentionPeriodRequest>(decoded);
  co_return co_await change_retention(call, RetentionChange::increase, request.stream_name, request.stream_arn,
                                      *request.retention_period_hours);
}

}  // namespace forebay::gateway::kinesis
