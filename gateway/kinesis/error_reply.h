#pragma once

#include <string>

#include "base/error.h"
#include "gateway/http/request.h"
#include "gateway/http/response.h"
#include "gateway/kinesis/encoding.h"
#include "wire/aws/sigv4.h"
#include "wire/kinesis/error_type.h"

namespace forebay::gateway::kinesis {

using wire::kinesis::kCborContentType;

/// Content type of the request without parameters.
std::string_view content_type_of(const http::Request& request);

/// CBOR when the content type asks for it, else JSON.
Encoding encoding_of(const http::Request& request);

/// The answer to a refused call, in the encoding of the request.
http::Response fault_response(const http::Request& request, const wire::kinesis::Fault& fault);
http::Response fault_response(Encoding encoding, const wire::kinesis::Fault& fault);
http::Response fault_response(const http::Request& request, const wire::aws::SignatureFault& fault);

/// A failure of the stream service as clients see it, where a call has no better answer.
wire::kinesis::Fault fault_of(const Error& error);

}  // namespace forebay::gateway::kinesis
