#include "gateway/aws/fault_reply.h"

#include "wire/kinesis/shape.h"

namespace forebay::gateway::aws {
using http::Request;
using http::Response;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

std::string_view content_type_of(const Request& request) {
  std::string_view type = request.header("content-type");
  type = type.substr(0, type.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
  return type;
}

Encoding encoding_of(const Request& request) {
  return content_type_of(request) == wire::kinesis::kCborContentType ? Encoding::cbor : Encoding::json;
}

Response fault_response(const Request& request, const Fault& fault) {
  return fault_response(encoding_of(request), fault);
}

Response fault_response(Encoding encoding, const Fault& fault) {
  Response response;
  response.status = wire::kinesis::row_of(fault.type).http_status;
  response.content_type = content_type_of(encoding);
  if (encoding == Encoding::cbor)
    wire::kinesis::append_cbor(fault, response.text);
  else
    wire::kinesis::append_json(fault, response.text);
  return response;
}

Response fault_response(const Request& request, const wire::aws::SignatureFault& fault) {
  const auto type = wire::kinesis::error_type_from_name(fault.type);
  return fault_response(request, Fault{type.value_or(ErrorType::invalid_signature), fault.message});
}

}  // namespace forebay::gateway::aws
