#include "gateway/firehose/update_plan.h"

#include "gateway/firehose/complete_document.h"
#include "gateway/firehose/merge.h"
#include "gateway/firehose/unserved_kinds.h"
#include "wire/kinesis/validate.h"

namespace forebay::gateway::firehose {
using wire::firehose::UpdateDestinationRequest;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
Fault wrong(std::string text) { return {ErrorType::invalid_argument, std::move(text)}; }

std::optional<Fault> check_kinds(const UpdateDestinationRequest& request) {
  if (auto fault = refuse_unserved(request.unserved)) return fault;
  const int given = (request.s3 ? 1 : 0) + (request.extended_s3 ? 1 : 0) + (request.http_endpoint ? 1 : 0);
  if (given == 1) return std::nullopt;
  return wrong("Exactly one destination update must be given; these are " + std::to_string(given) + ".");
}

void merge_destination(const UpdateDestinationRequest& request, DeliveryDocument& out) {
  if (request.http_endpoint) {
    out.extended_s3.reset();
    if (!out.http_endpoint) out.http_endpoint.emplace();
    merge(*out.http_endpoint, *request.http_endpoint);
    return;
  }
  out.http_endpoint.reset();
  if (!out.extended_s3) out.extended_s3.emplace();
  if (request.s3)
    merge(static_cast<wire::firehose::S3Members&>(*out.extended_s3), *request.s3);
  else
    merge(*out.extended_s3, *request.extended_s3);
}

bool partitions(const DeliveryDocument& document) {
  return document.extended_s3 && document.extended_s3->dynamic_partitioning_configuration &&
         document.extended_s3->dynamic_partitioning_configuration->enabled.value_or(false);
}

bool backs_up(const DeliveryDocument& document) {
  return document.extended_s3 && document.extended_s3->s3_backup_mode == "Enabled";
}

std::optional<Fault> check_change(const DeliveryDocument& from, const DeliveryDocument& to) {
  if (partitions(from) != partitions(to))
    return wrong(
        "DynamicPartitioningConfiguration: dynamic partitioning is chosen when a delivery stream is created; it "
        "cannot be enabled or disabled afterwards.");
  if (backs_up(from) && to.extended_s3 && !backs_up(to))
    return wrong("S3BackupMode: a backup cannot be disabled once it is enabled.");
  return std::nullopt;
}

std::optional<Fault> check_members(const DeliveryDocument& document) {
  if (document.http_endpoint) return wire::kinesis::validate(*document.http_endpoint);
  return wire::kinesis::validate(*document.extended_s3);
}
}  // namespace

std::variant<DeliveryDocument, Fault> updated_document(const Call& call, const DeliveryDocument& present,
                                                       const UpdateDestinationRequest& request) {
  if (auto fault = check_kinds(request)) return *std::move(fault);
  DeliveryDocument next = present;
  merge_destination(request, next);
  if (auto fault = check_members(next)) return *std::move(fault);
  if (request.extended_s3 && request.extended_s3->data_format_conversion_configuration) next.columns.reset();
  if (auto done = complete_document(next, call.services.schemas); !done) return fault_of(done.error());
  if (auto fault = check_change(present, next)) return *std::move(fault);
  return next;
}

}  // namespace forebay::gateway::firehose
