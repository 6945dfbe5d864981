#pragma once

#include <string>

#include "gateway/http/request_ids.h"

namespace forebay::gateway::firehose {

/// Characters of an id of a stored record, as the service's have them.
inline constexpr std::size_t kRecordIdCharacters = 224;

/// A fresh id in base64.
std::string new_record_id(http::RequestIds& ids);
/// Spreads records over the shards of their stream.
std::string random_partition_key(http::RequestIds& ids);

}  // namespace forebay::gateway::firehose
