// DescribeAccountSettings: the billing commitment as it was last set.
#include "wire/kinesis/shapes/describe_account_settings.h"

#include "gateway/kinesis/access.h"
#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/billing_commitment.h"
#include "gateway/kinesis/call_codec.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::DescribeAccountSettingsRequest;
using wire::kinesis::DescribeAccountSettingsResponse;
using wire::kinesis::Fault;

Task<Reply> describe_account_settings(Call& call) {
  auto decoded = decode_call<DescribeAccountSettingsRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  if (auto fault = refuse_resource(call, "*")) co_return *std::move(fault);
  DescribeAccountSettingsResponse response;
  response.minimum_throughput_billing_commitment = billing_commitment(
      call.services.streams.account_attributes(call.account), call.services.clock.wall_now());
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
