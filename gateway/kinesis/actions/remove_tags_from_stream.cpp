// RemoveTagsFromStream: keys that the stream does not have are passed over.
#include "wire/kinesis/shapes/remove_tags_from_stream.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/change_tags.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/stream_lookup.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::RemoveTagsFromStreamRequest;

Task<Reply> remove_tags_from_stream(Call& call) {
  auto decoded = decode_call<RemoveTagsFromStreamRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<RemoveTagsFromStreamRequest>(decoded);
  if (auto fault = check_tag_texts(*request.tag_keys)) co_return *std::move(fault);
  auto found = find_stream(call, request.stream_name, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  Resource resource;
  resource.stream = std::get<stream::StreamPtr>(std::move(found));
  resource.tags = kStreamTags;
  co_return co_await remove_tags(call, std::move(resource), *request.tag_keys);
}

}  // namespace forebay::gateway::kinesis
