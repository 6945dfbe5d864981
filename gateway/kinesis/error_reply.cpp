#include "gateway/kinesis/error_reply.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

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
