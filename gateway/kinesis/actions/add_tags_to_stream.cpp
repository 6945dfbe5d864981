// AddTagsToStream: adds tags or replaces their values; at most 50 per stream.
#include "wire/kinesis/shapes/add_tags_to_stream.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/change_tags.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/stream_lookup.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::AddTagsToStreamRequest;
using wire::kinesis::Fault;

Task<Reply> add_tags_to_stream(Call& call) {
  auto decoded = decode_call<AddTagsToStreamRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<AddTagsToStreamRequest>(decoded);
  if (auto fault = check_tag_texts(*request.tags)) co_return *std::move(fault);
  auto found = find_stream(call, request.stream_name, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  Resource resource;
  resource.stream = std::get<stream::StreamPtr>(std::move(found));
  resource.tags = kStreamTags;
  co_return co_await add_tags(call, std::move(resource), *request.tags);
}

}  // namespace forebay::gateway::kinesis
