// StopStreamEncryption: takes the key off the stream; new records are stored as they are from then on.
#include "wire/kinesis/shapes/stop_stream_encryption.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/change_encryption.h"
#include "gateway/kinesis/call_codec.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::StopStreamEncryptionRequest;

Task<Reply> stop_stream_encryption(Call& call) {
  auto decoded = decode_call<StopStreamEncryptionRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<StopStreamEncryptionRequest>(decoded);
  co_return co_await change_encryption(call, EncryptionChange::stop, request.stream_name, request.stream_arn,
                                       *request.encryption_type, *request.key_id);
}

}  // namespace forebay::gateway::kinesis
