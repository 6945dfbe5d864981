#include "gateway/kinesis/kinesis_front.h"

#include "gateway/kinesis/error_reply.h"
#include "gateway/kinesis/front_door.h"
#include "wire/kinesis/shape.h"

namespace forebay::gateway::kinesis {
using http::Request;
using http::Response;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
constexpr std::string_view kDefaultRegion = "us-east-1";

std::string region_of(const KinesisServices& services, const Request& request) {
  if (!services.region.empty()) return services.region;
  return request.identity.region.empty() ? std::string(kDefaultRegion) : request.identity.region;
}

std::string account_of(const KinesisServices& services, const Request& request) {
  const auth::AccessKeyPtr& key = request.identity.key;
  return key && !key->account.empty() ? key->account : services.default_account;
}

Fault access_denied(const KinesisServices& services, const Request& request, const Action& action) {
  return {ErrorType::access_denied, "User: arn:aws:iam::" + account_of(services, request) + ":user/" + request.identity.key->id +
                                        " is not authorized to perform: kinesis:" + std::string(action.name) +
                                        " on resource: * because its role does not allow it"};
}
}  // namespace

std::optional<Response> KinesisFront::check_head(const Request& request) {
  auto refusal = check_front_door(request);
  if (!refusal) return std::nullopt;
  return finished(request, *std::move(refusal));
}

Response KinesisFront::refuse(const Request& request, const wire::aws::SignatureFault& fault) {
  return finished(request, fault_response(request, fault));
}

Task<Response> KinesisFront::handle(const Request& request) {
  Response response = co_await answer(request);
  co_return finished(request, std::move(response));
}

Response KinesisFront::finished(const Request& request, Response response) const {
  if (response.status >= 400) services_.metrics.faults.add();
  add_cross_origin_headers(request, response);
  return response;
}

Task<Response> KinesisFront::answer(const Request& request) {
  const std::string_view type = content_type_of(request);
  if (type == "application/json") co_return plain_json_response(as_text(request.body));
  if (request.body.empty()) co_return fault_response(request, Fault{ErrorType::serialization, ""});
  if (type == kCborContentType)
    co_return fault_response(request, Fault{ErrorType::serialization,
                                            "this gateway reads JSON bodies only; switch CBOR off in the client "
                                            "(AWS_CBOR_DISABLE=1, CBOR_ENABLED=false)"});
  const Action& action = *action_of(request);
  if (!request.identity.is_admin()) co_return fault_response(request, access_denied(services_, request, action));

  services_.metrics.calls.add();
  Call call{services_, scratch_, loop_.texts(), request, account_of(services_, request), region_of(services_, request)};
  Reply reply = co_await action.handler(call);
  if (auto* fault = std::get_if<Fault>(&reply)) co_return fault_response(request, *fault);
  Response response;
  response.content_type = wire::kinesis::kJsonContentType;
  response.text = std::get<std::string>(std::move(reply));
  co_return response;
}

}  // namespace forebay::gateway::kinesis
