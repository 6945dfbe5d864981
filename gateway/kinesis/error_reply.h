#pragma once

#include <string>

#include "base/error.h"
#include "gateway/http/request.h"
#include "gateway/http/response.h"
#include "wire/aws/sigv4.h"
#include "wire/kinesis/error_type.h"

namespace forebay::gateway::kinesis {

inline constexpr std::string_view kCborContentType = "application/x-amz-cbor-1.1";

/// Content type of the request without parameters.
std::string_view content_type_of(const http::Request& request);

/// The answer to a refused call, in the encoding of the request (JSON 1.1, or CBOR 1.1 when it asked so).
http::Response fault_response(const http::Request& request, const wire::kinesis::Fault& fault);
http::Response fault_response(const http::Request& request, const wire::aws::SignatureFault& fault);

/// A failure of the stream service as clients see it, where a call has no better answer.
wire::kinesis::Fault fault_of(const Error& error);

}  // namespace forebay::gateway::kinesis
