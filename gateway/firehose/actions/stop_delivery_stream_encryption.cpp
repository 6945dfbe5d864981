// StopDeliveryStreamEncryption: nothing is encrypted, so there is nothing to do.
#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/call_codec.h"
#include "gateway/firehose/delivery_lookup.h"
#include "gateway/firehose/unserved_kinds.h"
#include "wire/firehose/shapes/encryption.h"

namespace forebay::gateway::firehose {
using wire::firehose::StopDeliveryStreamEncryptionRequest;
using wire::kinesis::Fault;

Task<Reply> stop_delivery_stream_encryption(Call& call) {
  auto decoded = decode_call<StopDeliveryStreamEncryptionRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  auto found = find_changeable(call, *std::get<StopDeliveryStreamEncryptionRequest>(decoded).name);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  if (std::get<Found>(found).document.kinesis_stream) co_return encryption_of_source();
  co_return std::string("{}");
}

}  // namespace forebay::gateway::firehose
