// StartDeliveryStreamEncryption: records of direct puts are not encrypted by keys of their own, so it is refused rather
// than shown as done.
#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/call_codec.h"
#include "gateway/firehose/delivery_lookup.h"
#include "gateway/firehose/unserved_kinds.h"
#include "wire/firehose/shapes/encryption.h"

namespace forebay::gateway::firehose {
using wire::firehose::StartDeliveryStreamEncryptionRequest;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

Task<Reply> start_delivery_stream_encryption(Call& call) {
  auto decoded = decode_call<StartDeliveryStreamEncryptionRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<StartDeliveryStreamEncryptionRequest>(decoded);
  auto found = find_changeable(call, *request.name);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  if (std::get<Found>(found).document.kinesis_stream) co_return encryption_of_source();
  const bool customer = request.configuration && request.configuration->key_type == "CUSTOMER_MANAGED_CMK";
  const bool keyed = request.configuration && request.configuration->key_arn.has_value();
  if (request.configuration && customer != keyed)
    co_return Fault{ErrorType::invalid_argument,
                    "KeyARN must be given for KeyType CUSTOMER_MANAGED_CMK, and for no other."};
  co_return refuse_encryption();
}

}  // namespace forebay::gateway::firehose
