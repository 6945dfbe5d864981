// ListTagsForStream: tags by key, from the one after ExclusiveStartTagKey on.
#include "wire/kinesis/shapes/list_tags_for_stream.h"

#include <algorithm>

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/stream_lookup.h"
#include "gateway/kinesis/tags.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::ListTagsForStreamRequest;
using wire::kinesis::ListTagsForStreamResponse;

Task<Reply> list_tags_for_stream(Call& call) {
  auto decoded = decode_call<ListTagsForStreamRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<ListTagsForStreamRequest>(decoded);
  auto found = find_stream(call, request.stream_name, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);

  ListTagsForStreamResponse response;
  response.tags = tags_of(std::get<stream::StreamPtr>(found)->attributes, kStreamTags);
  const std::string after = request.exclusive_start_tag_key.value_or("");
  std::erase_if(response.tags, [&after](const auto& tag) { return tag.key <= after; });
  const auto limit = static_cast<std::size_t>(request.limit.value_or(static_cast<std::int32_t>(kTagsMax)));
  response.has_more_tags = response.tags.size() > limit;
  if (response.has_more_tags) response.tags.resize(limit);
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
