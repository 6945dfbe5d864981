// DecreaseStreamRetentionPeriod: 24 to 8760 hours; the present value is accepted.
#include "wire/kinesis/shapes/decrease_stream_retention_period.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/retention.h"
#include "gateway/kinesis/call_codec.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::DecreaseStreamRetentionPeriodRequest;
using wire::kinesis::Fault;

Task<Reply> decrease_stream_retention_period(Call& call) {
  auto decoded = decode_call<DecreaseStreamRetentionPeriodRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<DecreaseStreamRetentionPeriodRequest>(decoded);
  co_return co_await change_retention(call, RetentionChange::decrease, request.stream_name, request.stream_arn,
                                      *request.retention_period_hours);
}

}  // namespace forebay::gateway::kinesis
