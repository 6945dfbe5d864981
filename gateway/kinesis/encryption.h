#pragma once

#include <string_view>
#include <variant>

#include "gateway/kinesis/action.h"

/// Encryption of streams at rest: attribute "key_id" of the stream is the KeyId the client gave, absent when there is
/// none; which key that meant is in the attributes of gateway/stream/stream_keys.h.
namespace forebay::gateway::kinesis {

inline constexpr std::string_view kKeyIdAttribute = "key_id";

/// Empty: the stream is not encrypted.
std::string_view key_id_of(const stream::Stream& stream);
/// "KMS", or nothing: EncryptionType of what was put into the stream.
std::string_view encryption_type_of(const stream::Stream& stream);

/// The id, ARN or alias of a key: a UUID, arn:...:key/UUID, arn:...:alias/NAME, alias/NAME.
bool is_key_id(std::string_view text);

/// The key that the configuration has under the name in `key_id`: behind "arn:...:key/", or from "alias/" on.
/// Fault  KMSNotFoundException, with the remedy.
std::variant<stream::KeyId, wire::kinesis::Fault> find_key(const Call& call, std::string_view key_id);

/// Why records could not be appended or read: KMSNotFoundException when their key is missing, or what fault_of() says.
wire::kinesis::Fault storage_fault(const Error& error);

}  // namespace forebay::gateway::kinesis
