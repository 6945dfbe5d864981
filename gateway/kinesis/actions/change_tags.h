#pragma once

#include "gateway/kinesis/resource.h"
#include "gateway/kinesis/tags.h"

/// The common part of the calls that change tags.
namespace forebay::gateway::kinesis {

Task<Reply> add_tags(Call& call, Resource resource, wire::kinesis::StringMap tags);
Task<Reply> remove_tags(Call& call, Resource resource, std::vector<std::string> keys);

}  // namespace forebay::gateway::kinesis
