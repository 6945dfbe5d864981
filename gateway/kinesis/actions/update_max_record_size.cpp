// UpdateMaxRecordSize: 1 to 10 MiB, for records put from then on.
#include "wire/kinesis/shapes/update_max_record_size.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/stream_edit.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::UpdateMaxRecordSizeRequest;

Task<Reply> update_max_record_size(Call& call) {
  auto decoded = decode_call<UpdateMaxRecordSizeRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<UpdateMaxRecordSizeRequest>(decoded);
  auto found = find_stream(call, std::nullopt, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const auto bytes = static_cast<std::uint32_t>(*request.max_record_size_in_kib) * 1024;
  EditPlan plan = [bytes](const stream::Stream& stream) -> Edit {
    stream::StreamSettings settings;
    if (stream.record_bytes_max != bytes) settings.record_bytes_max = bytes;
    return settings;
  };
  auto changed = co_await edit_stream(call, std::get<stream::StreamPtr>(found), std::move(plan));
  if (auto* fault = std::get_if<Fault>(&changed)) co_return std::move(*fault);
  co_return std::string();
}

}  // namespace forebay::gateway::kinesis
