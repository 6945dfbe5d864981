#include "gateway/delivery_front/delivery_front.h"

#include "gateway/delivery_front/delivery_call.h"

namespace forebay::gateway::delivery_front {
using http::Request;
using http::Response;

namespace {
constexpr std::string_view kPrefix = "/delivery/v1/";

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
    case Errc::out_of_range:
    case Errc::too_large:
    case Errc::unsupported: return refused(400, "ValidationException", error.context);
    case Errc::permission: return refused(403, "AccessDeniedException", error.context);
    case Errc::unavailable:
    case Errc::timed_out:
    case Errc::cancelled: return refused(503, "ServiceUnavailable", error.context);
    default: return refused(500, "InternalFailure", error.context);
  }
}

const DeliveryOperation* operation_of(std::string_view path) {
  return path.starts_with(kPrefix) ? find_operation(path.substr(kPrefix.size())) : nullptr;
}

/// Whose delivery streams the caller means: its own, or, for keys of the gateway itself, those of the account it names.
Result<std::string> account_of(const auth::Identity& identity, const Json& body, const std::string& own) {
  FB_TRY(const std::string named, text_member(body, "account"));
  const std::string caller(identity.account_or(own));
  if (named.empty() || named == caller) return caller;
  if (identity.key && !identity.key->account.empty())
    return Error{Errc::permission, "this key sees the delivery streams of account " + caller + " only"};
  return named;
}
}  // namespace

std::optional<Response> DeliveryFront::check_head(const Request& request) {
  if (request.method != "POST") return refused(405, "MethodNotAllowedException", "delivery is managed with POST");
  if (!operation_of(request.path))
    return refused(404, "UnknownOperationException", "this gateway has " + operation_names());
  return std::nullopt;
}

Response DeliveryFront::refuse(const Request&, const wire::aws::SignatureFault& fault) {
  return refused(400, fault.type, fault.message);
}

Task<Response> DeliveryFront::handle(const Request& request) {
  const auth::Identity& identity = request.identity;
  if (!identity.is_unrestricted())
    co_return refused(403, "AccessDeniedException",
                      "delivery is managed with an admin key that has no policy; " + identity.key->id + " is another");
  const std::string_view text = as_text(request.body);
  DeliveryCall call;
  call.services = &services_;
  call.body = text.empty() ? Json::object() : Json::parse(text, nullptr, false);
  if (!call.body.is_object()) co_return refused(400, "SerializationException", "the body must be a JSON object");
  auto account = account_of(identity, call.body, services_.account);
  if (!account) co_return refused(account.error());
  call.account = *std::move(account);
  if (identity.key) call.caller = identity.key->id;
  const DeliveryOperation* const operation = operation_of(request.path);
  const Result<Json> answer = co_await operation->run(std::move(call));
  if (!answer) co_return refused(answer.error());
  co_return json_response(200, *answer);
}

}  // namespace forebay::gateway::delivery_front
