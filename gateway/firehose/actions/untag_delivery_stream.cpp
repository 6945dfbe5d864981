// UntagDeliveryStream: takes tags off; keys that no tag has are passed over.
#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/actions/change_tags.h"
#include "gateway/firehose/call_codec.h"
#include "wire/firehose/shapes/tag_delivery_stream.h"

namespace forebay::gateway::firehose {
using wire::firehose::UntagDeliveryStreamRequest;
using wire::kinesis::Fault;

Task<Reply> untag_delivery_stream(Call& call) {
  auto decoded = decode_call<UntagDeliveryStreamRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<UntagDeliveryStreamRequest>(decoded);
  const TagChange change = [&request](std::optional<Tags>& tags) {
    remove_tags(tags, *request.tag_keys);
    return std::optional<Fault>();
  };
  co_return co_await change_tags(call, *request.name, change);
}

}  // namespace forebay::gateway::firehose
