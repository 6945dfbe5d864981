#include "gateway/kinesis/error_reply.h"

#include "wire/kinesis/shape.h"

namespace forebay::gateway::kinesis {
using http::Request;
using http::Response;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
Response error_response(Encoding encoding, int status, std::string body) {
  Response response;
  response.status = status;
  response.content_type = content_type_of(encoding);
  response.text = std::move(body);
  return response;
}
}  // namespace

std::string_view content_type_of(const Request& request) {
  std::string_view type = request.header("content-type");
  type = type.substr(0, type.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
  return type;
}

Encoding encoding_of(const Request& request) {
  return content_type_of(request) == kCborContentType ? Encoding::cbor : Encoding::json;
}

Response fault_response(const Request& request, const Fault& fault) {
  return fault_response(encoding_of(request), fault);
}

Response fault_response(Encoding encoding, const Fault& fault) {
  std::string body;
  if (encoding == Encoding::cbor)
    wire::kinesis::append_cbor(fault, body);
  else
    wire::kinesis::append_json(fault, body);
  return error_response(encoding, wire::kinesis::row_of(fault.type).http_status, std::move(body));
}

Response fault_response(const Request& request, const wire::aws::SignatureFault& fault) {
  const auto type = wire::kinesis::error_type_from_name(fault.type);
  return fault_response(request, Fault{type.value_or(ErrorType::invalid_signature), fault.message});
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
