#include "gateway/aws/front_door.h"

#include <nlohmann/json.hpp>

#include "gateway/aws/fault_reply.h"
#include "wire/kinesis/shape.h"

namespace forebay::gateway::aws {
using http::Request;
using http::Response;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
Response no_operation_response() {
  return http::text_response(403, "text/xml",
                             "<AccessDeniedException>\n"
                             "  <Message>Unable to determine service/operation name to be authorized</Message>\n"
                             "</AccessDeniedException>\n");
}

Response preflight_response(const Request& request) {
  Response response;
  const std::string_view wanted_headers = request.header("access-control-request-headers");
  const std::string_view wanted_method = request.header("access-control-request-method");
  if (!wanted_headers.empty()) response.headers.emplace_back("Access-Control-Allow-Headers", wanted_headers);
  if (!wanted_method.empty()) response.headers.emplace_back("Access-Control-Allow-Methods", wanted_method);
  response.headers.emplace_back("Access-Control-Max-Age", "172800");
  response.extended_id = false;
  return response;
}

/// The service answers an empty body in CBOR unless JSON 1.1 was asked for.
Response empty_body_response(const Request& request, Visitor visitor) {
  const Fault fault{visitor.known_action ? ErrorType::serialization : ErrorType::unknown_operation, ""};
  const bool json = !visitor.cbor_taken || content_type_of(request) == wire::kinesis::kJsonContentType;
  return fault_response(json ? Encoding::json : Encoding::cbor, fault);
}

bool has_whole_target(const Request& request) {
  const std::string_view target = request.header("x-amz-target");
  const std::size_t dot = target.find('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < target.size();
}
}  // namespace

std::optional<Response> check_front_door(const Request& request, Visitor visitor) {
  if (request.method == "OPTIONS" && request.has_header("origin")) return preflight_response(request);
  if (request.method != "POST") return no_operation_response();
  const std::string_view type = content_type_of(request);
  const bool usable =
      type == wire::kinesis::kJsonContentType || (visitor.cbor_taken && type == wire::kinesis::kCborContentType);
  if (!request.has_body()) return empty_body_response(request, visitor);
  if (type == "application/json") return std::nullopt;
  if (!usable && !has_whole_target(request)) return no_operation_response();
  if (!usable) return http::text_response(404, "text/xml", "<UnknownOperationException/>\n");
  if (!visitor.known_action) return fault_response(request, Fault{ErrorType::unknown_operation, ""});
  return std::nullopt;
}

Response plain_json_response(std::string_view body) {
  const bool parses = nlohmann::json::accept(body);
  const std::string type = parses ? "UnknownOperationException" : "SerializationException";
  return http::text_response(parses ? 404 : 400, "application/json",
                             "{\"Output\":{\"__type\":\"com.amazon.coral.service#" + type + "\"},\"Version\":\"1.0\"}");
}

void add_cross_origin_headers(const Request& request, Response& response) {
  if (!request.has_header("origin")) return;
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  if (request.method == "OPTIONS") return;
  response.headers.emplace_back(
      "Access-Control-Expose-Headers",
      "x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date");
}

}  // namespace forebay::gateway::aws
