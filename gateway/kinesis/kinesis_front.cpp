#include "gateway/kinesis/kinesis_front.h"

#include "base/units.h"
#include "gateway/kinesis/access.h"
#include "gateway/kinesis/error_reply.h"
#include "gateway/kinesis/front_door.h"
#include "wire/kinesis/event_stream.h"
#include "wire/kinesis/shape.h"

namespace forebay::gateway::kinesis {
using http::Request;
using http::Response;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
constexpr std::string_view kDefaultRegion = "us-east-1";
constexpr std::size_t kKeptBodyBytes = 2_MiB;  ///< memory that bodies of this size need is kept for the next

std::string region_of(const KinesisServices& services, const Request& request) {
  if (!services.region.empty()) return services.region;
  return request.identity.region.empty() ? std::string(kDefaultRegion) : request.identity.region;
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
  const Action& action = *action_of(request);
  const Encoding encoding = encoding_of(request);
  services_.metrics.calls.add();
  const std::string_view account = request.identity.account_or(services_.default_account);
  Call call{
      services_, scratch_, loop_.texts(), request, action.name, std::string(account), region_of(services_, request),
      encoding};
  if (auto fault = refuse_call(call)) co_return fault_response(encoding, *fault);
  if (action.json_only && encoding != Encoding::json)
    co_return fault_response(encoding, Fault{ErrorType::internal_failure, ""});
  Reply reply = co_await action.handler(call);
  // No other call of this loop reads from a decoder now: they do not keep it over a suspension.
  if (request.body.size() > kKeptBodyBytes) scratch_.trim();
  if (auto* fault = std::get_if<Fault>(&reply)) co_return fault_response(encoding, *fault);
  Response response;
  if (auto* events = std::get_if<std::unique_ptr<http::BodyStream>>(&reply)) {
    response.content_type = wire::kinesis::kEventStreamContentType;
    response.stream = std::move(*events);
    co_return response;
  }
  response.content_type = content_type_of(encoding);
  response.text = std::get<std::string>(std::move(reply));
  co_return response;
}

}  // namespace forebay::gateway::kinesis
