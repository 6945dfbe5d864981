#include "wire/kinesis/error_type.h"

#include <array>

#include "wire/kinesis/cbor_text.h"
#include "wire/kinesis/json_text.h"

namespace forebay::wire::kinesis {
namespace {

using enum ErrorType;

constexpr std::array kRows = {
    ErrorRow{resource_not_found, "ResourceNotFoundException", 400, false},
    ErrorRow{resource_in_use, "ResourceInUseException", 400, false},
    ErrorRow{limit_exceeded, "LimitExceededException", 400, false},
    ErrorRow{invalid_argument, "InvalidArgumentException", 400, false},
    ErrorRow{access_denied, "AccessDeniedException", 400, false},
    ErrorRow{validation, "ValidationException", 400, false},
    ErrorRow{provisioned_throughput_exceeded, "ProvisionedThroughputExceededException", 400, false},
    ErrorRow{expired_iterator, "ExpiredIteratorException", 400, false},
    ErrorRow{expired_next_token, "ExpiredNextTokenException", 400, false},
    ErrorRow{dry_run_operation, "DryRunOperationException", 400, false},
    ErrorRow{serialization, "SerializationException", 400, false},
    ErrorRow{unknown_operation, "UnknownOperationException", 400, false},
    ErrorRow{missing_authentication_token, "MissingAuthenticationTokenException", 400, false},
    ErrorRow{incomplete_signature, "IncompleteSignatureException", 400, false},
    ErrorRow{invalid_signature, "InvalidSignatureException", 400, false},
    ErrorRow{unrecognized_client, "UnrecognizedClientException", 400, false},
    ErrorRow{expired_token, "ExpiredTokenException", 400, false},
    ErrorRow{throttling, "ThrottlingException", 400, false},
    ErrorRow{kms_disabled, "KMSDisabledException", 400, false},
    ErrorRow{kms_invalid_state, "KMSInvalidStateException", 400, false},
    ErrorRow{kms_access_denied, "KMSAccessDeniedException", 400, false},
    ErrorRow{kms_not_found, "KMSNotFoundException", 400, false},
    ErrorRow{kms_opt_in_required, "KMSOptInRequired", 400, false},
    ErrorRow{kms_throttling, "KMSThrottlingException", 400, false},
    ErrorRow{internal_failure, "InternalFailure", 500, true},
    ErrorRow{service_unavailable, "ServiceUnavailable", 503, true},
    ErrorRow{concurrent_modification, "ConcurrentModificationException", 400, false},
    ErrorRow{invalid_kms_resource, "InvalidKMSResourceException", 400, false},
    ErrorRow{invalid_source, "InvalidSourceException", 400, false},
    ErrorRow{firehose_unavailable, "ServiceUnavailableException", 503, true},
};

constexpr bool rows_follow_the_enumeration() {
  for (std::size_t i = 0; i < kRows.size(); ++i)
    if (static_cast<std::size_t>(kRows[i].type) != i) return false;
  return kRows.size() == static_cast<std::size_t>(firehose_unavailable) + 1;
}
static_assert(rows_follow_the_enumeration());

}  // namespace

const ErrorRow& row_of(ErrorType type) { return kRows[static_cast<std::size_t>(type)]; }

std::optional<ErrorType> error_type_from_name(std::string_view name) {
  for (const ErrorRow& row : kRows)
    if (row.name == name) return row.type;
  return std::nullopt;
}

void append_json(const Fault& fault, std::string& out) {
  out.append("{\"__type\":\"").append(row_of(fault.type).name).append("\"");
  if (!fault.message.empty()) {
    out += fault.type == ErrorType::serialization ? ",\"Message\":" : ",\"message\":";
    append_json_string(out, fault.message);
  }
  out += '}';
}

void append_cbor(const Fault& fault, std::string& out) {
  out += kCborMap;
  append_cbor_text(out, "__type");
  append_cbor_text(out, row_of(fault.type).name);
  if (!fault.message.empty()) {
    append_cbor_text(out, fault.type == ErrorType::serialization ? "Message" : "message");
    append_cbor_text(out, fault.message);
  }
  out += kCborBreak;
}

}  // namespace forebay::wire::kinesis
