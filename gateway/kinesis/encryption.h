#pragma once

#include <optional>
#include <string_view>

#include "gateway/kinesis/action.h"

/// Encryption of streams at rest: attribute "key_id" of the stream names the key, absent when there is none.
namespace forebay::gateway::kinesis {

inline constexpr std::string_view kKeyIdAttribute = "key_id";

/// Empty: the stream is not encrypted.
std::string_view key_id_of(const stream::Stream& stream);
/// "KMS", or nothing: EncryptionType of what was put into the stream.
std::string_view encryption_type_of(const stream::Stream& stream);

/// The id, ARN or alias of a key: a UUID, arn:...:key/UUID, arn:...:alias/NAME, alias/NAME.
bool is_key_id(std::string_view text);

/// Whether this gateway has the key to encrypt a stream with. Fault  one of the KMS errors, naming what is missing.
std::optional<wire::kinesis::Fault> refuse_key(const Call& call, std::string_view key_id);

}  // namespace forebay::gateway::kinesis
