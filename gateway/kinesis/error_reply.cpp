#include "gateway/kinesis/error_reply.h"

#include <nlohmann/json.hpp>

#include "wire/kinesis/shape.h"

namespace forebay::gateway::kinesis {
using http::Request;
using http::Response;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
Response error_response(const Request& request, int status, std::string json) {
  Response response;
  response.status = status;
  if (content_type_of(request) == kCborContentType) {
    response.content_type = kCborContentType;
    response.body = nlohmann::json::to_cbor(nlohmann::json::parse(json));
    return response;
  }
  response.content_type = wire::kinesis::kJsonContentType;
  response.text = std::move(json);
  return response;
}
}  // namespace

std::string_view content_type_of(const Request& request) {
  std::string_view type = request.header("content-type");
  type = type.substr(0, type.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
  return type;
}

Response fault_response(const Request& request, const Fault& fault) {
  std::string json;
  wire::kinesis::append_json(fault, json);
  return error_response(request, wire::kinesis::row_of(fault.type).http_status, std::move(json));
}

Response fault_response(const Request& request, const wire::aws::SignatureFault& fault) {
  if (const auto type = wire::kinesis::error_type_from_name(fault.type))
    return fault_response(request, Fault{*type, fault.message});
  const nlohmann::json json = {{"__type", fault.type}, {"message", fault.message}};
  return error_response(request, 400, json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Fault fault_of(const Error& error) {
  switch (error.code) {
    case Errc::not_found: return {ErrorType::resource_not_found, error.context};
    case Errc::already_exists:
    case Errc::conflict: return {ErrorType::resource_in_use, error.context};
    case Errc::no_space: return {ErrorType::provisioned_throughput_exceeded, error.context};
    case Errc::invalid_argument:
    case Errc::out_of_range:
    case Errc::too_large: return {ErrorType::invalid_argument, error.context};
    case Errc::unavailable:
    case Errc::cancelled:
    case Errc::timed_out: return {ErrorType::service_unavailable, error.context};
    default: return {ErrorType::internal_failure, ""};
  }
}

}  // namespace forebay::gateway::kinesis
