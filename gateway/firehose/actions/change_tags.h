#pragma once

#include <functional>

#include "gateway/firehose/delivery_lookup.h"
#include "gateway/firehose/tags.h"

namespace forebay::gateway::firehose {

using TagChange = std::function<std::optional<wire::kinesis::Fault>(std::optional<Tags>&)>;

/// Changes the tags of a delivery stream; no new version. `change` lives until the task is done.
Task<Reply> change_tags(Call& call, std::string name, const TagChange& change);

}  // namespace forebay::gateway::firehose
