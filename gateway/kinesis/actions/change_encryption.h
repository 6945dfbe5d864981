#pragma once

#include <optional>
#include <string>

#include "gateway/kinesis/action.h"

namespace forebay::gateway::kinesis {

enum class EncryptionChange : std::uint8_t { start, stop };

/// The common part of StartStreamEncryption and StopStreamEncryption.
Task<Reply> change_encryption(Call& call, EncryptionChange change, std::optional<std::string> name,
                              std::optional<std::string> arn, std::string encryption_type, std::string key_id);

}  // namespace forebay::gateway::kinesis
