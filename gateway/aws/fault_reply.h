#pragma once

#include "gateway/aws/encoding.h"
#include "gateway/http/request.h"
#include "gateway/http/response.h"
#include "wire/aws/sigv4.h"
#include "wire/kinesis/error_type.h"

namespace forebay::gateway::aws {

/// Content type of the request without parameters.
std::string_view content_type_of(const http::Request& request);

/// CBOR when the content type asks for it, else JSON.
Encoding encoding_of(const http::Request& request);

/// The answer to a refused call, in the encoding of the request.
http::Response fault_response(const http::Request& request, const wire::kinesis::Fault& fault);
http::Response fault_response(Encoding encoding, const wire::kinesis::Fault& fault);
http::Response fault_response(const http::Request& request, const wire::aws::SignatureFault& fault);

}  // namespace forebay::gateway::aws
