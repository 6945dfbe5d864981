#include "gateway/kinesis/encryption.h"

#include <algorithm>

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
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
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-';
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
  constexpr std::string_view kKey = "key/";
  return is_alias(name) || (name.starts_with(kKey) && is_uuid(name.substr(kKey.size())));
}

std::optional<Fault> refuse_key(const Call&, std::string_view key_id) {
  return Fault{ErrorType::kms_not_found, "Key " + std::string(key_id) +
                                             " cannot be used: no key file is configured for encryption at rest on this "
                                             "gateway, so nothing it stores would be encrypted."};
}

}  // namespace forebay::gateway::kinesis
