#include "gateway/kinesis/encryption.h"

#include <algorithm>

#include "gateway/kinesis/error_reply.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
constexpr std::string_view kKeyPrefix = "key/";

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (i == 8 || i == 13 || i == 18 || i == 23 ? c != '-' : !hex) return false;
  }
  return true;
}

bool is_alias(std::string_view text) {
  constexpr std::string_view kAlias = "alias/";
  if (!text.starts_with(kAlias) || text.size() == kAlias.size()) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-';
  });
}

/// What stands behind "arn:PARTITION:kms:REGION:ACCOUNT:"; empty when it is no such ARN.
std::string_view named_by_arn(std::string_view text) {
  for (int part = 0; part < 5; ++part) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || (part == 0 && text.substr(0, colon) != "arn") ||
        (part == 2 && text.substr(0, colon) != "kms"))
      return {};
    text.remove_prefix(colon + 1);
  }
  return text;
}
}  // namespace

std::string_view key_id_of(const stream::Stream& stream) {
  const auto found = stream.attributes.find(kKeyIdAttribute);
  return found == stream.attributes.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view encryption_type_of(const stream::Stream& stream) {
  return key_id_of(stream).empty() ? std::string_view() : std::string_view("KMS");
}

bool is_key_id(std::string_view text) {
  if (is_uuid(text) || is_alias(text)) return true;
  const std::string_view name = named_by_arn(text);
  return is_alias(name) || (name.starts_with(kKeyPrefix) && is_uuid(name.substr(kKeyPrefix.size())));
}

std::variant<stream::KeyId, Fault> find_key(const Call& call, std::string_view key_id) {
  const auto& keys = call.services.keys;
  if (!keys || keys->empty())
    return Fault{ErrorType::kms_not_found,
                 "Key " + std::string(key_id) +
                     " cannot be used: this gateway has no key for encryption at rest, so nothing it stores would be "
                     "encrypted. Set encryption.key_file in its configuration."};
  std::string_view name = key_id;
  if (const std::string_view behind = named_by_arn(key_id); !behind.empty())
    name = behind.starts_with(kKeyPrefix) ? behind.substr(kKeyPrefix.size()) : behind;
  if (const auto found = keys->named(name)) return *found;
  return Fault{ErrorType::kms_not_found, "Key " + std::string(key_id) + " is not among the keys of this gateway: add " +
                                             std::string(name) + " as an [[encryption_key]] of its configuration."};
}

Fault storage_fault(const Error& error) {
  if (error.code == Errc::permission) return {ErrorType::kms_not_found, error.context};
  return fault_of(error);
}

}  // namespace forebay::gateway::kinesis
