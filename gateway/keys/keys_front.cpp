#include "gateway/keys/keys_front.h"

#include <nlohmann/json.hpp>

#include "gateway/auth/key_file.h"

namespace forebay::gateway::keys {
using auth::AccessKey;
using auth::AccessKeyPtr;
using http::Request;
using http::Response;
using Json = nlohmann::ordered_json;

namespace {
constexpr std::string_view kPrefix = "/keys/v1/";

Response json_response(int status, const Json& body) {
  return http::text_response(status, "application/json", body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Response refused(int status, std::string_view type, std::string_view message) {
  return json_response(status, Json{{"__type", type}, {"message", message}});
}

Response refused(const Error& error) {
  switch (error.code) {
    case Errc::not_found: return refused(400, "ResourceNotFoundException", error.context);
    case Errc::already_exists:
    case Errc::conflict: return refused(400, "ResourceInUseException", error.context);
    case Errc::invalid_argument:
    case Errc::corrupt: return refused(400, "ValidationException", error.context);
    default: return refused(500, "InternalFailure", error.context);
  }
}

/// A key as it is shown: without its secret.
Json shown(const AccessKey& key, std::string_view own_account) {
  Json entry{{"access_key_id", key.id}, {"role", auth::role_name(key.role)}};
  entry["account"] = key.account.empty() ? std::string(own_account) : key.account;
  if (!key.device_pattern.empty()) entry["device"] = key.device_pattern;
  if (!key.note.empty()) entry["note"] = key.note;
  if (key.policy) entry["policy"] = Json::parse(key.policy->text());
  return entry;
}

Result<std::string> text_member(const Json& body, const char* name) {
  if (!body.contains(name)) return std::string();
  if (!body[name].is_string()) return Error{Errc::invalid_argument, std::string(name) + " must be a string"};
  return body[name].get<std::string>();
}

/// Null when the body has none, or null.
Result<std::shared_ptr<const auth::Policy>> policy_member(const Json& body) {
  if (!body.contains("policy") || body["policy"].is_null()) return std::shared_ptr<const auth::Policy>();
  FB_TRY(auth::Policy policy, auth::Policy::parse(body["policy"].dump()));
  return std::make_shared<const auth::Policy>(std::move(policy));
}

/// One request by a caller that may manage keys.
struct KeyCall {
  KeysServices& services;
  std::string caller_account;  ///< empty: of the gateway itself, every account

  [[nodiscard]] bool sees(const AccessKey& key) const {
    return caller_account.empty() || key.account == caller_account;
  }

  Result<void> find(const std::string& id) const {
    const AccessKeyPtr key = services.keys.find(id);
    if (key && sees(*key)) return {};
    return Error{Errc::not_found, "there is no access key " + id};
  }

  Result<Json> create(const Json& body) const {
    AccessKey key = auth::make_access_key(services.entropy);
    FB_TRY(const std::string role, text_member(body, "role"));
    const auto known = auth::parse_role(role.empty() ? "admin" : role);
    if (!known)
      return Error{Errc::invalid_argument, "role \"" + role + "\" must be \"admin\", \"user\" or \"device\""};
    key.role = *known;
    FB_TRY(key.account, text_member(body, "account"));
    FB_TRY(key.device_pattern, text_member(body, "device"));
    FB_TRY(key.note, text_member(body, "note"));
    FB_TRY(key.policy, policy_member(body));
    if (key.account == services.account) key.account.clear();
    if (!caller_account.empty() && key.account.empty()) key.account = caller_account;
    if (!sees(key))
      return Error{Errc::invalid_argument, "this key may make keys of account " + caller_account + " only"};
    FB_TRY(const AccessKeyPtr made, services.keys.create(std::move(key)));
    services.logger.info("access key made", {{"key", made->id}, {"role", auth::role_name(made->role)}});
    Json answer = shown(*made, services.account);
    answer["secret_access_key"] = made->secret;
    return answer;
  }

  Result<Json> list(const Json&) const {
    Json entries = Json::array();
    for (const AccessKeyPtr& key : services.keys.list())
      if (sees(*key)) entries.push_back(shown(*key, services.account));
    return Json{{"keys", entries}};
  }

  Result<Json> revoke(const Json& body) const {
    FB_TRY(const std::string id, text_member(body, "access_key_id"));
    FB_CHECK(find(id));
    FB_CHECK(services.keys.revoke(id));
    services.logger.info("access key revoked", {{"key", id}});
    return Json::object();
  }

  Result<Json> policy(const Json& body) const {
    FB_TRY(const std::string id, text_member(body, "access_key_id"));
    FB_CHECK(find(id));
    FB_TRY(auto wanted, policy_member(body));
    FB_TRY(const AccessKeyPtr changed, services.keys.set_policy(id, std::move(wanted)));
    services.logger.info("policy of an access key changed", {{"key", id}});
    return shown(*changed, services.account);
  }
};

struct Operation {
  std::string_view name;
  Result<Json> (KeyCall::*run)(const Json& body) const;
};
constexpr Operation kOperations[] = {
    {"create", &KeyCall::create}, {"list", &KeyCall::list}, {"policy", &KeyCall::policy}, {"revoke", &KeyCall::revoke}};

const Operation* operation_of(std::string_view path) {
  for (const Operation& operation : kOperations)
    if (path.starts_with(kPrefix) && path.substr(kPrefix.size()) == operation.name) return &operation;
  return nullptr;
}
}  // namespace

std::optional<Response> KeysFront::check_head(const Request& request) {
  if (request.method != "POST") return refused(405, "MethodNotAllowedException", "access keys are managed with POST");
  if (!operation_of(request.path))
    return refused(404, "UnknownOperationException", "this gateway has /keys/v1/create, /list, /policy and /revoke");
  return std::nullopt;
}

Response KeysFront::refuse(const Request&, const wire::aws::SignatureFault& fault) {
  return refused(400, fault.type, fault.message);
}

Task<Response> KeysFront::handle(const Request& request) {
  const auth::AccessKeyPtr& caller = request.identity.key;
  if (!caller)
    co_return refused(403, "AccessDeniedException", "authentication is off; access keys have no meaning now");
  if (!request.identity.is_unrestricted())
    co_return refused(403, "AccessDeniedException",
                      "access keys are managed with an admin key that has no policy; " + caller->id + " is another");
  const std::string_view text = as_text(request.body);
  const Json body = text.empty() ? Json::object() : Json::parse(text, nullptr, false);
  if (!body.is_object()) co_return refused(400, "SerializationException", "the body must be a JSON object");
  const KeyCall call{services_, caller->account};
  const Operation* operation = operation_of(request.path);
  const Result<Json> answer = (call.*(operation->run))(body);
  if (!answer) co_return refused(answer.error());
  co_return json_response(200, *answer);
}

}  // namespace forebay::gateway::keys
