// TagResource: AddTagsToStream for streams and registered consumers by ARN.
#include "wire/kinesis/shapes/tag_resource.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/change_tags.h"
#include "gateway/kinesis/call_codec.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::TagResourceRequest;

Task<Reply> tag_resource(Call& call) {
  auto decoded = decode_call<TagResourceRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<TagResourceRequest>(decoded);
  if (auto fault = check_tag_texts(*request.tags)) co_return *std::move(fault);
  auto found = find_resource(call, *request.resource_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  co_return co_await add_tags(call, std::get<Resource>(std::move(found)), *request.tags);
}

}  // namespace forebay::gateway::kinesis
