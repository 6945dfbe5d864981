#include "gateway/auth/key_file.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "wire/aws/key_file.h"

namespace forebay::gateway::auth {

namespace {
constexpr std::size_t kKeyFileBytesMax = 4u << 20;

Error bad(std::string sentence) { return Error{Errc::corrupt, std::move(sentence)}; }

Result<AccessKey> key_of(const nlohmann::json& entry) {
  if (!entry.is_object()) return bad("each entry of \"keys\" must be an object");
  AccessKey key;
  for (const auto& [name, value] : entry.items()) {
    if (name == "policy") {
      auto policy = Policy::parse(value.dump());
      if (!policy) return bad(policy.error().context);
      key.policy = std::make_shared<const Policy>(*std::move(policy));
      continue;
    }
    if (!value.is_string()) return bad("\"" + name + "\" must be a string");
    const auto& text = value.get_ref<const std::string&>();
    if (name == "access_key_id")
      key.id = text;
    else if (name == "secret_access_key")
      key.secret = text;
    else if (name == "device")
      key.device_pattern = text;
    else if (name == "note")
      key.note = text;
    else if (name == "account")
      key.account = text;
    else if (name != "role")
      return bad("unknown member \"" + name +
                 "\"; a key has access_key_id, secret_access_key, account, role, device, policy, note");
    else if (const auto role = parse_role(text))
      key.role = *role;
    else
      return bad("role \"" + text + "\" must be \"admin\", \"user\" or \"device\"");
  }
  FB_CHECK(check_key(key));
  return key;
}
}  // namespace

Result<AccessKey> parse_single_key(std::string_view text, std::string_view file) {
  FB_TRY(wire::aws::Credentials credentials, wire::aws::parse_key_file(text, file));
  AccessKey key;
  key.id = std::move(credentials.access_key_id);
  key.secret = std::move(credentials.secret_access_key);
  if (auto checked = check_key(key); !checked) return std::move(checked).error().with_context(std::string(file));
  return key;
}

std::string format_key_list(std::span<const AccessKeyPtr> keys) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const AccessKeyPtr& key : keys) {
    nlohmann::ordered_json entry{{"access_key_id", key->id}, {"secret_access_key", key->secret}};
    entry["role"] = role_name(key->role);
    if (!key->account.empty()) entry["account"] = key->account;
    if (!key->device_pattern.empty()) entry["device"] = key->device_pattern;
    if (key->policy) entry["policy"] = nlohmann::ordered_json::parse(key->policy->text());
    if (!key->note.empty()) entry["note"] = key->note;
    list.push_back(std::move(entry));
  }
  return nlohmann::ordered_json{{"keys", list}}.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Result<std::vector<AccessKey>> parse_key_list(std::string_view text) {
  const nlohmann::json document = nlohmann::json::parse(text, nullptr, false);
  if (document.is_discarded()) return bad("not valid JSON");
  if (!document.is_object() || !document.contains("keys") || !document["keys"].is_array())
    return bad("must be an object with a list \"keys\"");
  std::vector<AccessKey> keys;
  for (const nlohmann::json& entry : document["keys"]) {
    FB_TRY(AccessKey key, key_of(entry));
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<void> check_key(const AccessKey& key) {
  const bool id_ok = key.id.size() >= 4 && key.id.size() <= 128 &&
                     std::all_of(key.id.begin(), key.id.end(),
                                 [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
  if (!id_ok) return bad("access_key_id must be 4 to 128 letters and digits");
  if (key.secret.size() < 8) return bad("secret_access_key of " + key.id + " must have at least 8 characters");
  const bool account_ok =
      key.account.empty() || (key.account.size() == 12 && std::all_of(key.account.begin(), key.account.end(),
                                                                      [](char c) { return c >= '0' && c <= '9'; }));
  if (!account_ok) return bad("account of " + key.id + " must have 12 digits");
  if (key.role == Role::user && !key.policy) return bad("key " + key.id + " has role \"user\" and needs a policy");
  return {};
}

std::string format_single_key(const AccessKey& key) {
  return "# Admin access key of this Forebay gateway. Whoever has it may do everything: keep this file to yourself.\n"
         "# For boto3, AWS CLI and other clients: eval \"$(forebay env --key-file THIS_FILE)\"\n"
         "access_key_id = \"" +
         key.id + "\"\nsecret_access_key = \"" + key.secret + "\"\n";
}

AccessKey make_access_key(Entropy& entropy) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::uint8_t raw[46];
  entropy.fill(raw);
  AccessKey key;
  key.id = "FBAK";
  for (std::size_t i = 0; i < 16; ++i) key.id.push_back(kAlphabet[raw[i] & 31]);
  key.secret = to_base64(ByteView(raw + 16, 30));
  return key;
}

Result<void> check_private(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error) return Error{Errc::not_found, path + ": " + error.message()};
  constexpr auto kOthers = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
  if ((status.permissions() & kOthers) != std::filesystem::perms::none)
    return Error{Errc::permission, path + " holds secrets and is open to others; run: chmod 600 " + path};
  return {};
}

Result<std::vector<AccessKey>> read_key_file(FileSystem& files, const std::string& path) {
  FB_CHECK(check_private(path));
  FB_TRY(const Buffer bytes, read_file(files, path, kKeyFileBytesMax));
  const std::string_view text = as_text(bytes);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') {
    auto keys = parse_key_list(text);
    if (!keys) return std::move(keys).error().with_context(path);
    return keys;
  }
  FB_TRY(AccessKey key, parse_single_key(text, path));
  std::vector<AccessKey> keys;
  keys.push_back(std::move(key));
  return keys;
}

}  // namespace forebay::gateway::auth
