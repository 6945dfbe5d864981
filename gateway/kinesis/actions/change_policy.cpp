#include "gateway/kinesis/actions/change_policy.h"

#include "gateway/kinesis/consumer_lookup.h"
#include "gateway/kinesis/stream_edit.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;

Task<Reply> change_policy(Call& call, Resource resource, std::optional<std::string> policy) {
  EditPlan plan = [&call, &resource, &policy](const stream::Stream& stream) -> Edit {
    if (!resource.consumer.empty() && !stream.attributes.contains(resource.consumer))
      return no_such_consumer(call, resource.consumer.substr(resource.consumer.find('/') + 1));
    stream::StreamSettings settings;
    settings.attributes.push_back({resource.policy, policy});
    return settings;
  };
  auto changed = co_await edit_stream(call, resource.stream, std::move(plan));
  if (auto* fault = std::get_if<Fault>(&changed)) co_return std::move(*fault);
  co_return std::string();
}

}  // namespace forebay::gateway::kinesis
