// UpdateDestination: of the present version only; an update that changes nothing keeps it. What was cut before goes
// where it was to go.
#include "wire/firehose/shapes/update_destination.h"

#include "gateway/firehose/access.h"
#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/call_codec.h"
#include "gateway/firehose/compile.h"
#include "gateway/firehose/delivery_lookup.h"
#include "gateway/firehose/describe.h"
#include "gateway/firehose/update_plan.h"

namespace forebay::gateway::firehose {
using wire::firehose::UpdateDestinationRequest;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
Fault stale(const std::string& name, const std::string& given, std::uint64_t present) {
  return {ErrorType::concurrent_modification, "Version " + given + " of Firehose " + name +
                                                  " is not the present one, which is " + std::to_string(present) +
                                                  "; describe it and try again."};
}

std::optional<Fault> check_target(const Found& found, const UpdateDestinationRequest& request) {
  if (*request.version_id != std::to_string(found.info.version))
    return stale(*request.name, *request.version_id, found.info.version);
  if (*request.destination_id == kDestinationId) return std::nullopt;
  return Fault{ErrorType::invalid_argument, "DestinationId " + *request.destination_id + " is not of Firehose " +
                                                *request.name + ", which has " + std::string(kDestinationId) + "."};
}
}  // namespace

Task<Reply> update_destination(Call& call) {
  auto decoded = decode_call<UpdateDestinationRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<UpdateDestinationRequest>(decoded);
  const std::string name = *request.name;
  const DocumentEdits::Edit edit(*call.services.edits, edit_key(call, name));
  auto found = find_changeable(call, name);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  if (!edit.begun()) co_return being_changed(call, name);
  const Found& delivery = std::get<Found>(found);
  if (auto fault = check_target(delivery, request)) co_return *std::move(fault);
  if (request.http_endpoint)
    if (auto fault = refuse_sink_url(call, name)) co_return *std::move(fault);
  auto planned = updated_document(call, delivery.document, request);
  if (auto* fault = std::get_if<Fault>(&planned)) co_return std::move(*fault);
  const DeliveryDocument& next = std::get<DeliveryDocument>(planned);
  if (next == delivery.document) co_return std::string("{}");
  auto compiled = compile_document(name, next);
  if (!compiled) co_return fault_of(compiled.error());

  std::string text = document_text(next);
  delivery::DeliveryDefinition definition = *std::move(compiled);
  const std::uint64_t version = delivery.info.version;
  auto updated =
      co_await call.services.deliveries.update(call.account, name, version, std::move(text), std::move(definition));
  if (updated) co_return std::string("{}");
  if (updated.error().code == Errc::not_found) co_return no_such_delivery(call, name);
  if (updated.error().code == Errc::conflict) co_return stale(name, *request.version_id, version);
  co_return fault_of(updated.error());
}

}  // namespace forebay::gateway::firehose
