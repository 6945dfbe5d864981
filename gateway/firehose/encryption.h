#pragma once

#include <variant>

#include "gateway/firehose/action.h"
#include "wire/firehose/shapes/encryption.h"

/// Encryption at rest of what direct puts leave in the stream behind a delivery stream (docs/ENCRYPTION.md).
namespace forebay::gateway::firehose {

/// A key that was asked for, and what it is called.
struct ChosenKey {
  stream::KeyId id = stream::kNoKey;  ///< none: encryption stops
  std::string type;                   ///< AWS_OWNED_CMK, CUSTOMER_MANAGED_CMK
  std::optional<std::string> arn;
};
using KeyOrFault = std::variant<ChosenKey, wire::kinesis::Fault>;

/// The key of this gateway that a request means; without a configuration the gateway's own.
/// Fault  InvalidArgumentException: type and ARN do not fit; InvalidKMSResourceException: this gateway has no such key.
KeyOrFault choose_key(const Call& call,
                      const std::optional<wire::firehose::DeliveryStreamEncryptionConfigurationInput>& wanted);

/// Encrypts what is put from now on with the key. Fault  ResourceNotFoundException and failures of storage.
Task<std::optional<wire::kinesis::Fault>> change_encryption(Call& call, std::string name, ChosenKey key);

/// What the stream of a direct put says of its encryption.
wire::firehose::DeliveryStreamEncryptionConfiguration encryption_of(const stream::Stream& stream);
bool is_encrypted(const stream::Stream& stream);

/// InvalidArgumentException: encryption is a matter of the source stream.
wire::kinesis::Fault encryption_of_source();

}  // namespace forebay::gateway::firehose
