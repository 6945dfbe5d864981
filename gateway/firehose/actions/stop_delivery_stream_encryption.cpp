// StopDeliveryStreamEncryption: what is put from now on is stored as it is; nothing happens when it is so already.
#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/call_codec.h"
#include "gateway/firehose/delivery_lookup.h"
#include "gateway/firehose/encryption.h"

namespace forebay::gateway::firehose {
using wire::firehose::StopDeliveryStreamEncryptionRequest;
using wire::kinesis::Fault;

Task<Reply> stop_delivery_stream_encryption(Call& call) {
  auto decoded = decode_call<StopDeliveryStreamEncryptionRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const std::string name = *std::get<StopDeliveryStreamEncryptionRequest>(decoded).name;
  auto found = find_delivery(call, name);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  if (std::get<Found>(found).document.kinesis_stream) co_return encryption_of_source();
  auto refused = co_await change_encryption(call, name, ChosenKey());
  if (refused) co_return *std::move(refused);
  co_return std::string("{}");
}

}  // namespace forebay::gateway::firehose
