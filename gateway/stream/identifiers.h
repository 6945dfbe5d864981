#pragma once

#include "gateway/log/identifiers.h"

namespace forebay::gateway::stream {

using log::Offset;
using log::ShardNumber;
using log::StreamId;

}  // namespace forebay::gateway::stream
