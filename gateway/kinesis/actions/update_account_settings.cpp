// UpdateAccountSettings: the billing commitment, which lasts 24 hours at least. Nothing is billed.
#include "wire/kinesis/shapes/update_account_settings.h"

#include "gateway/kinesis/access.h"
#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/billing_commitment.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/error_reply.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::UpdateAccountSettingsRequest;
using wire::kinesis::UpdateAccountSettingsResponse;

Task<Reply> update_account_settings(Call& call) {
  auto decoded = decode_call<UpdateAccountSettingsRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<UpdateAccountSettingsRequest>(decoded);
  if (auto fault = refuse_resource(call, "*")) co_return *std::move(fault);
  const WallTime now = call.services.clock.wall_now();
  const bool enable = request.minimum_throughput_billing_commitment->status == "ENABLED";
  auto change = commitment_change(call.services.streams.account_attributes(call.account), enable, now);
  if (change) {
    std::vector<stream::AttributeChange> changes;
    changes.push_back(*std::move(change));
    auto changed = co_await call.services.streams.set_account_attributes(call.account, std::move(changes));
    if (!changed) co_return fault_of(changed.error());
  }
  UpdateAccountSettingsResponse response;
  response.minimum_throughput_billing_commitment =
      billing_commitment(call.services.streams.account_attributes(call.account), now);
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
