// ListTagsForDeliveryStream: tags by key, from the one after ExclusiveStartTagKey on.
#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/call_codec.h"
#include "gateway/firehose/delivery_lookup.h"
#include "wire/firehose/shapes/tag_delivery_stream.h"

namespace forebay::gateway::firehose {
using wire::firehose::ListTagsForDeliveryStreamRequest;
using wire::firehose::ListTagsForDeliveryStreamResponse;
using wire::kinesis::Fault;

Task<Reply> list_tags_for_delivery_stream(Call& call) {
  auto decoded = decode_call<ListTagsForDeliveryStreamRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<ListTagsForDeliveryStreamRequest>(decoded);
  auto found = find_delivery(call, *request.name);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  ListTagsForDeliveryStreamResponse response;
  if (auto& tags = std::get<Found>(found).document.tags) response.tags = *std::move(tags);
  const std::string after = request.exclusive_start_tag_key.value_or("");
  std::erase_if(response.tags, [&after](const auto& tag) { return *tag.key <= after; });
  const auto limit = static_cast<std::size_t>(request.limit.value_or(wire::firehose::kTagsMax));
  response.has_more_tags = response.tags.size() > limit;
  if (response.has_more_tags) response.tags.resize(limit);
  co_return encode_answer(response);
}

}  // namespace forebay::gateway::firehose
