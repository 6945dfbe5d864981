#include "gateway/kinesis/tags.h"

#include <algorithm>

#include "wire/kinesis/tag_characters.h"

namespace forebay::gateway::kinesis {
using stream::AttributeChange;
using stream::Attributes;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::has_tag_characters_only;
using wire::kinesis::StringMap;

namespace {
Fault invalid_characters() {
  return {ErrorType::invalid_argument,
          "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % "
          "@."};
}

/// The first check lets '%' pass, this one does not: so does the service.
Fault illegal_percent(const Call& call, std::string_view verb, std::string_view stream) {
  return {ErrorType::invalid_argument,
          "Failed to " + std::string(verb) + " stream " + std::string(stream) + " under account " + call.account +
              " because some tags contained illegal characters. The allowed characters are Unicode letters, "
              "white-spaces, '_', ',', '/', '=', '+', '-', '@'."};
}

bool has_percent(std::string_view text) { return text.find('%') != std::string_view::npos; }
}  // namespace

std::string consumer_tags(std::string_view consumer) {
  return std::string("consumer_tag/consumer/").append(consumer).append("/");
}

std::vector<wire::kinesis::Tag> tags_of(const Attributes& attributes, std::string_view name_space) {
  std::vector<wire::kinesis::Tag> tags;
  for (auto at = attributes.lower_bound(name_space); at != attributes.end() && at->first.starts_with(name_space); ++at)
    tags.push_back({at->first.substr(name_space.size()), at->second});
  return tags;
}

std::optional<Fault> check_tag_texts(const StringMap& tags) {
  const bool fit = std::all_of(tags.begin(), tags.end(), [](const auto& tag) {
    return has_tag_characters_only(tag.first) && has_tag_characters_only(tag.second);
  });
  if (fit) return std::nullopt;
  return invalid_characters();
}

std::optional<Fault> check_tag_texts(const std::vector<std::string>& keys) {
  if (std::all_of(keys.begin(), keys.end(), [](const auto& key) { return has_tag_characters_only(key); }))
    return std::nullopt;
  return invalid_characters();
}

AttributesOrFault adding_tags(const Call& call, std::string_view stream, const Attributes& attributes,
                              std::string_view name_space, const StringMap& tags) {
  if (auto fault = check_tag_texts(tags)) return *std::move(fault);
  std::size_t count = tags_of(attributes, name_space).size();
  std::vector<AttributeChange> changes;
  for (const auto& [key, value] : tags) {
    if (has_percent(key) || has_percent(value)) return illegal_percent(call, "add tags to", stream);
    AttributeChange change{std::string(name_space).append(key), value};
    if (!attributes.contains(change.key)) ++count;
    changes.push_back(std::move(change));
  }
  if (count <= kTagsMax) return changes;
  return Fault{ErrorType::invalid_argument,
               "Failed to add tags to stream " + std::string(stream) + " under account " + call.account +
                   " because a given stream cannot have more than " + std::to_string(kTagsMax) +
                   " tags associated with it."};
}

AttributesOrFault removing_tags(const Call& call, std::string_view stream, const Attributes& attributes,
                                std::string_view name_space, const std::vector<std::string>& keys) {
  if (auto fault = check_tag_texts(keys)) return *std::move(fault);
  std::vector<AttributeChange> changes;
  for (const std::string& key : keys) {
    if (has_percent(key)) return illegal_percent(call, "remove tags from", stream);
    AttributeChange change{std::string(name_space).append(key), std::nullopt};
    if (attributes.contains(change.key)) changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace forebay::gateway::kinesis
