#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/kinesis/action.h"
#include "wire/kinesis/shape.h"
#include "wire/kinesis/shapes/tag.h"

/// Tags of streams and registered consumers. They live in the stream's attributes: name space "tag/" for the stream's
/// own, "consumer_tag/consumer/NAME/" for those of a consumer.
namespace forebay::gateway::kinesis {

inline constexpr std::size_t kTagsMax = 50;  ///< of one stream or consumer
inline constexpr std::string_view kStreamTags = "tag/";
std::string consumer_tags(std::string_view consumer);

/// By key.
std::vector<wire::kinesis::Tag> tags_of(const stream::Attributes& attributes, std::string_view name_space);

/// Fault  InvalidArgumentException: a key or value has characters that no tag may have.
std::optional<wire::kinesis::Fault> check_tag_texts(const wire::kinesis::StringMap& tags);
std::optional<wire::kinesis::Fault> check_tag_texts(const std::vector<std::string>& keys);

using AttributesOrFault = std::variant<std::vector<stream::AttributeChange>, wire::kinesis::Fault>;
/// Fault  InvalidArgumentException: the characters, or more than 50 tags. `attributes` and `stream` are the stream's.
AttributesOrFault adding_tags(const Call& call, std::string_view stream, const stream::Attributes& attributes,
                              std::string_view name_space, const wire::kinesis::StringMap& tags);
/// Keys that no tag has are passed over. Fault  InvalidArgumentException: the characters.
AttributesOrFault removing_tags(const Call& call, std::string_view stream, const stream::Attributes& attributes,
                                std::string_view name_space, const std::vector<std::string>& keys);

}  // namespace forebay::gateway::kinesis
