#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "gateway/log/attributes.h"
#include "gateway/log/key_ring.h"

namespace forebay::gateway::log {

/// Which keys a stream's records are encrypted with, in its attributes:
///   data_key        id of the key that encrypts what is appended from now on; absent: stored as it is
///   data_key/ID     a key that did so before; the value is when it ceased to, UTC milliseconds
inline constexpr std::string_view kDataKeyAttribute = "data_key";
inline constexpr std::string_view kFormerKeyPrefix = "data_key/";

/// Key of what is appended; kNoKey: none. Unreadable text gives an id that no ring holds, so that nothing is stored
/// open.
KeyId data_key_of(const Attributes& attributes);
/// True when anything of the stream is or was encrypted.
bool has_data_keys(const Attributes& attributes);
/// The keys that read everything which retention has not taken yet.
std::vector<KeyId> needed_keys(const Attributes& attributes, std::int32_t retention_hours, WallTime now);
/// Changes that make `next` (kNoKey: none) the key of what is appended. Empty: it is already.
std::vector<AttributeChange> change_of_key(const Attributes& attributes, KeyId next, WallTime now);

}  // namespace forebay::gateway::log
