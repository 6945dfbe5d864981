#include "gateway/kinesis/consumer.h"

#include <charconv>

#include "gateway/kinesis/tags.h"

namespace forebay::gateway::kinesis {

namespace {
constexpr std::string_view kPrefix = "consumer/";

RegisteredConsumer from_attribute(std::string_view name, std::string_view value) {
  std::int64_t seconds = 0;
  std::from_chars(value.data(), value.data() + value.size(), seconds);
  return {std::string(name), from_millis(seconds * 1000), false};
}
}  // namespace

std::string consumer_key(std::string_view name) { return std::string(kPrefix).append(name); }

std::vector<stream::AttributeChange> removal_of(const stream::Stream& stream, std::string_view name) {
  const std::string key = consumer_key(name);
  const std::string tags = consumer_tags(name);
  std::vector<stream::AttributeChange> changes;
  for (const std::string& attribute : {key, "policy/" + key})
    if (stream.attributes.contains(attribute)) changes.push_back({attribute, std::nullopt});
  for (auto at = stream.attributes.lower_bound(tags); at != stream.attributes.end(); ++at) {
    if (!at->first.starts_with(tags)) break;
    changes.push_back({at->first, std::nullopt});
  }
  return changes;
}

std::vector<RegisteredConsumer> consumers_of(const stream::Stream& stream) {
  std::vector<RegisteredConsumer> found;
  for (auto at = stream.attributes.lower_bound(kPrefix); at != stream.attributes.end(); ++at) {
    const std::string_view key = at->first;
    if (!key.starts_with(kPrefix)) break;
    found.push_back(from_attribute(key.substr(kPrefix.size()), at->second));
  }
  return found;
}

std::optional<RegisteredConsumer> find_consumer(const stream::Stream& stream, std::string_view name) {
  const auto found = stream.attributes.find(consumer_key(name));
  if (found == stream.attributes.end()) return std::nullopt;
  return from_attribute(name, found->second);
}

}  // namespace forebay::gateway::kinesis
