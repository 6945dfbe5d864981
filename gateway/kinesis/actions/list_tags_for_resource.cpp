// ListTagsForResource: all tags of a stream or a registered consumer, by key.
#include "wire/kinesis/shapes/list_tags_for_resource.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/resource.h"
#include "gateway/kinesis/tags.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::ListTagsForResourceRequest;
using wire::kinesis::ListTagsForResourceResponse;

Task<Reply> list_tags_for_resource(Call& call) {
  auto decoded = decode_call<ListTagsForResourceRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  auto found = find_resource(call, *std::get<ListTagsForResourceRequest>(decoded).resource_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const Resource& resource = std::get<Resource>(found);
  ListTagsForResourceResponse response;
  response.tags = tags_of(resource.stream->attributes, resource.tags);
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
