// StartDeliveryStreamEncryption: what is put from now on is encrypted at rest with a key of this gateway; done when the
// call returns. Another key may follow.
#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/call_codec.h"
#include "gateway/firehose/delivery_lookup.h"
#include "gateway/firehose/encryption.h"

namespace forebay::gateway::firehose {
using wire::firehose::StartDeliveryStreamEncryptionRequest;
using wire::kinesis::Fault;

Task<Reply> start_delivery_stream_encryption(Call& call) {
  auto decoded = decode_call<StartDeliveryStreamEncryptionRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<StartDeliveryStreamEncryptionRequest>(decoded);
  auto found = find_delivery(call, *request.name);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  if (std::get<Found>(found).document.kinesis_stream) co_return encryption_of_source();
  auto chosen = choose_key(call, request.configuration);
  if (auto* fault = std::get_if<Fault>(&chosen)) co_return std::move(*fault);
  ChosenKey key = std::get<ChosenKey>(std::move(chosen));
  auto refused = co_await change_encryption(call, *request.name, std::move(key));
  if (refused) co_return *std::move(refused);
  co_return std::string("{}");
}

}  // namespace forebay::gateway::firehose
