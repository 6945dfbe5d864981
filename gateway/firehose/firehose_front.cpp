#include "gateway/firehose/firehose_front.h"

#include "gateway/aws/fault_reply.h"
#include "gateway/aws/front_door.h"
#include "gateway/firehose/access.h"
#include "gateway/firehose/action_table.h"

namespace forebay::gateway::firehose {
using aws::Encoding;
using http::Request;
using http::Response;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
constexpr std::string_view kDefaultRegion = "us-east-1";

std::string region_of(const FirehoseServices& services, const Request& request) {
  if (!services.region.empty()) return services.region;
  return request.identity.region.empty() ? std::string(kDefaultRegion) : request.identity.region;
}

const Action* action_of(const Request& request) {
  const std::string_view target = request.header("x-amz-target");
  if (!target.starts_with(wire::firehose::kTargetPrefix)) return nullptr;
  return find_action(target.substr(wire::firehose::kTargetPrefix.size()));
}
}  // namespace

std::optional<Response> FirehoseFront::check_head(const Request& request) {
  aws::Visitor visitor;
  visitor.known_action = action_of(request) != nullptr;
  auto refusal = aws::check_front_door(request, visitor);
  if (!refusal) return std::nullopt;
  return finished(request, *std::move(refusal));
}

Response FirehoseFront::refuse(const Request& request, const wire::aws::SignatureFault& fault) {
  return finished(request, aws::fault_response(request, fault));
}

Task<Response> FirehoseFront::handle(const Request& request) {
  Response response = co_await answer(request);
  co_return finished(request, std::move(response));
}

Response FirehoseFront::finished(const Request& request, Response response) const {
  if (response.status >= 400) services_.metrics.faults.add();
  aws::add_cross_origin_headers(request, response);
  return response;
}

Task<Response> FirehoseFront::answer(const Request& request) {
  if (aws::content_type_of(request) == "application/json") co_return aws::plain_json_response(as_text(request.body));
  if (request.body.empty()) co_return aws::fault_response(request, Fault{ErrorType::serialization, ""});
  const Action& action = *action_of(request);
  services_.metrics.calls.add();
  const std::string_view account = request.identity.account_or(services_.default_account);
  Call call{services_, scratch_, request, action.name, std::string(account), region_of(services_, request)};
  if (auto fault = refuse_call(call)) co_return aws::fault_response(Encoding::json, *fault);
  Reply reply = co_await action.handler(call);
  if (auto* fault = std::get_if<Fault>(&reply)) co_return aws::fault_response(Encoding::json, *fault);
  Response response;
  response.content_type = aws::content_type_of(Encoding::json);
  response.text = std::get<std::string>(std::move(reply));
  co_return response;
}

}  // namespace forebay::gateway::firehose
