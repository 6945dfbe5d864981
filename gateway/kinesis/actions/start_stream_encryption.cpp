// StartStreamEncryption: sets the key that new records are encrypted with; refused while the gateway has no key.
#include "wire/kinesis/shapes/start_stream_encryption.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/change_encryption.h"
#include "gateway/kinesis/call_codec.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::StartStreamEncryptionRequest;

Task<Reply> start_stream_encryption(Call& call) {
  auto decoded = decode_call<StartStreamEncryptionRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<StartStreamEncryptionRequest>(decoded);
  co_return co_await change_encryption(call, EncryptionChange::start, request.stream_name, request.stream_arn,
                                       *request.encryption_type, *request.key_id);
}

}  // namespace forebay::gateway::kinesis
