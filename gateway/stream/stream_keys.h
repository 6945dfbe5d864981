#pragma once

#include "gateway/log/stream_keys.h"

/// Keys of encrypted streams, as the fronts use them.
namespace forebay::gateway::stream {

using log::change_of_key;
using log::data_key_of;
using log::KeyId;
using log::KeyRing;
using log::kNoKey;

}  // namespace forebay::gateway::stream
