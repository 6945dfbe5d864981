#include "gateway/kinesis/actions/change_tags.h"

#include "gateway/kinesis/consumer_lookup.h"
#include "gateway/kinesis/stream_edit.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;

namespace {
Edit edit_of(const Call& call, const Resource& resource, const stream::Stream& stream, AttributesOrFault changes) {
  if (!resource.consumer.empty() && !stream.attributes.contains(resource.consumer))
    return no_such_consumer(call, resource.consumer.substr(resource.consumer.find('/') + 1));
  if (auto* fault = std::get_if<Fault>(&changes)) return std::move(*fault);
  stream::StreamSettings settings;
  settings.attributes = std::get<std::vector<stream::AttributeChange>>(std::move(changes));
  return settings;
}

Reply reply_of(StreamOrFault changed) {
  if (auto* fault = std::get_if<Fault>(&changed)) return std::move(*fault);
  return std::string();
}
}  // namespace

Task<Reply> add_tags(Call& call, Resource resource, wire::kinesis::StringMap tags) {
  EditPlan plan = [&call, &resource, &tags](const stream::Stream& stream) {
    return edit_of(call, resource, stream, adding_tags(call, stream.name, stream.attributes, resource.tags, tags));
  };
  auto changed = co_await edit_stream(call, resource.stream, std::move(plan));
  co_return reply_of(std::move(changed));
}

Task<Reply> remove_tags(Call& call, Resource resource, std::vector<std::string> keys) {
  EditPlan plan = [&call, &resource, &keys](const stream::Stream& stream) {
    return edit_of(call, resource, stream, removing_tags(call, stream.name, stream.attributes, resource.tags, keys));
  };
  auto changed = co_await edit_stream(call, resource.stream, std::move(plan));
  co_return reply_of(std::move(changed));
}

}  // namespace forebay::gateway::kinesis
