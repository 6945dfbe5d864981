// UntagResource: RemoveTagsFromStream for streams and registered consumers by ARN.
#include "wire/kinesis/shapes/untag_resource.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/change_tags.h"
#include "gateway/kinesis/call_codec.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::UntagResourceRequest;

Task<Reply> untag_resource(Call& call) {
  auto decoded = decode_call<UntagResourceRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<UntagResourceRequest>(decoded);
  if (auto fault = check_tag_texts(*request.tag_keys)) co_return *std::move(fault);
  auto found = find_resource(call, *request.resource_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  co_return co_await remove_tags(call, std::get<Resource>(std::move(found)), *request.tag_keys);
}

}  // namespace forebay::gateway::kinesis
