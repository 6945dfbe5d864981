#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wire/firehose/shapes/tag.h"
#include "wire/kinesis/error_type.h"

namespace forebay::gateway::firehose {

using Tags = std::vector<wire::firehose::Tag>;

/// Sets the tags among those that are there; afterwards they are sorted by key and each has a value.
/// Fault  InvalidArgumentException: a key twice; LimitExceededException: more than 50 tags.
std::optional<wire::kinesis::Fault> add_tags(std::optional<Tags>& into, const Tags& tags);
/// Keys that no tag has are passed over.
void remove_tags(std::optional<Tags>& from, const std::vector<std::string>& keys);

}  // namespace forebay::gateway::firehose
