// TagDeliveryStream: sets tags; at most 50 in all.
#include "wire/firehose/shapes/tag_delivery_stream.h"

#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/actions/change_tags.h"
#include "gateway/firehose/call_codec.h"

namespace forebay::gateway::firehose {
using wire::firehose::TagDeliveryStreamRequest;
using wire::kinesis::Fault;

Task<Reply> tag_delivery_stream(Call& call) {
  auto decoded = decode_call<TagDeliveryStreamRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<TagDeliveryStreamRequest>(decoded);
  const TagChange change = [&request](std::optional<Tags>& tags) { return add_tags(tags, *request.tags); };
  co_return co_await change_tags(call, *request.name, change);
}

}  // namespace forebay::gateway::firehose
