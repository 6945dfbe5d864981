#include "gateway/firehose/encryption.h"

#include "gateway/firehose/delivery_lookup.h"

namespace forebay::gateway::firehose {
using wire::firehose::DeliveryStreamEncryptionConfigurationInput;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
/// Attributes of the stream of a direct put.
constexpr std::string_view kTypeAttribute = "firehose_key_type";
constexpr std::string_view kArnAttribute = "firehose_key_arn";
/// What the gateway's own key is called (docs/ENCRYPTION.md).
constexpr std::string_view kOwnKey = "alias/aws/kinesis";
constexpr std::string_view kOwned = "AWS_OWNED_CMK";

/// "UUID" of arn:...:key/UUID, "alias/NAME" of arn:...:alias/NAME.
std::string_view name_in(std::string_view arn) {
  const std::string_view name = arn.substr(arn.rfind(':') + 1);
  constexpr std::string_view kKey = "key/";
  return name.starts_with(kKey) ? name.substr(kKey.size()) : name;
}

Fault no_key(std::string_view name) {
  return {ErrorType::invalid_kms_resource,
          "Key " + std::string(name) +
              " is not among the keys of this gateway for encryption at rest: set "
              "encryption.key_file in its configuration, or add the key as an [[encryption_key]]."};
}

std::string_view attribute(const stream::Stream& stream, std::string_view name) {
  const auto found = stream.attributes.find(name);
  return found == stream.attributes.end() ? std::string_view() : std::string_view(found->second);
}

stream::StreamSettings settings_for(const stream::Stream& stream, const ChosenKey& key, WallTime now) {
  const bool start = key.id != stream::kNoKey;
  stream::StreamSettings settings;
  settings.attributes = stream::change_of_key(stream.attributes, key.id, now);
  settings.attributes.push_back({std::string(kTypeAttribute), start ? std::optional(key.type) : std::nullopt});
  settings.attributes.push_back({std::string(kArnAttribute), start ? key.arn : std::nullopt});
  return settings;
}
}  // namespace

KeyOrFault choose_key(const Call& call, const std::optional<DeliveryStreamEncryptionConfigurationInput>& wanted) {
  ChosenKey key;
  key.type = wanted ? wanted->key_type.value_or(std::string(kOwned)) : std::string(kOwned);
  if (wanted) key.arn = wanted->key_arn;
  if ((key.type != kOwned) != key.arn.has_value())
    return Fault{ErrorType::invalid_argument,
                 "KeyARN must be given for KeyType CUSTOMER_MANAGED_CMK, and for no other."};
  const std::string_view name = key.arn ? name_in(*key.arn) : kOwnKey;
  const auto& keys = call.services.keys;
  const auto found = keys ? keys->named(name) : std::nullopt;
  if (!found) return no_key(name);
  key.id = *found;
  return key;
}

Task<std::optional<Fault>> change_encryption(Call& call, std::string name, ChosenKey key) {
  const std::string stream_name = delivery::direct_put_stream(name);
  const stream::StreamPtr stream = call.services.streams.find(call.account, stream_name);
  if (!stream) co_return no_such_delivery(call, name);
  stream::StreamSettings settings = settings_for(*stream, key, call.services.clock.wall_now());
  auto changed = co_await call.services.streams.change(stream, std::move(settings));
  if (changed) co_return std::nullopt;
  if (changed.error().code == Errc::not_found) co_return no_such_delivery(call, name);
  co_return fault_of(changed.error());
}

bool is_encrypted(const stream::Stream& stream) { return !attribute(stream, kTypeAttribute).empty(); }

wire::firehose::DeliveryStreamEncryptionConfiguration encryption_of(const stream::Stream& stream) {
  wire::firehose::DeliveryStreamEncryptionConfiguration out;
  out.status = is_encrypted(stream) ? "ENABLED" : "DISABLED";
  if (!is_encrypted(stream)) return out;
  out.key_type = attribute(stream, kTypeAttribute);
  if (const std::string_view arn = attribute(stream, kArnAttribute); !arn.empty()) out.key_arn = arn;
  return out;
}

Fault encryption_of_source() {
  return {ErrorType::invalid_argument,
          "The records of this delivery stream rest in its source stream; start or stop encryption there."};
}

}  // namespace forebay::gateway::firehose
