#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forebay::wire::kinesis {

/// Errors of the service and of its front door, one table row each (error_type.cpp).
enum class ErrorType : std::uint8_t {
  resource_not_found,
  resource_in_use,
  limit_exceeded,
  invalid_argument,
  access_denied,
  validation,
  provisioned_throughput_exceeded,
  expired_iterator,
  expired_next_token,
  dry_run_operation,
  serialization,
  unknown_operation,
  missing_authentication_token,
  incomplete_signature,
  invalid_signature,
  unrecognized_client,
  expired_token,
  throttling,
  kms_disabled,
  kms_invalid_state,
  kms_access_denied,
  kms_not_found,
  kms_opt_in_required,
  kms_throttling,
  internal_failure,
  service_unavailable,
  // Of Firehose alone:
  concurrent_modification,
  invalid_kms_resource,
  invalid_source,
  firehose_unavailable,
};

struct ErrorRow {
  ErrorType type;
  std::string_view name;  ///< as in "__type"; internal_failure's modelled name has "Exception" behind it
  int http_status;
  bool server_fault;
};

const ErrorRow& row_of(ErrorType type);
/// Empty when the service has no such error.
std::optional<ErrorType> error_type_from_name(std::string_view name);

/// A refused call: what the client sees.
struct Fault {
  ErrorType type = ErrorType::internal_failure;
  std::string message;  ///< empty: the answer carries no text
  friend bool operator==(const Fault&, const Fault&) = default;
};

/// {"__type":...,"message":...}; SerializationException has its text under "Message"; no text, no member.
void append_json(const Fault& fault, std::string& out);
/// The same as a CBOR map.
void append_cbor(const Fault& fault, std::string& out);

}  // namespace forebay::wire::kinesis
