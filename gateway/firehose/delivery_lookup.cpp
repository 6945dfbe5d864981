#include "gateway/firehose/delivery_lookup.h"

#include "gateway/firehose/access.h"

namespace forebay::gateway::firehose {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
std::string name_text(const Call& call, std::string_view name) {
  return std::string("Firehose ").append(name).append(" under account ").append(call.account);
}
}  // namespace

FoundOrFault find_delivery(const Call& call, std::string_view name) {
  if (auto fault = refuse_delivery(call, name)) return *std::move(fault);
  auto info = call.services.deliveries.find(call.account, name);
  if (!info) return no_such_delivery(call, name);
  auto document = read_document(*info);
  if (!document) {
    call.services.logger.error("a delivery stream cannot be read", {{"error", document.error().context}});
    return fault_of(document.error());
  }
  return Found{*std::move(info), *std::move(document)};
}

FoundOrFault find_changeable(const Call& call, std::string_view name) {
  FoundOrFault found = find_delivery(call, name);
  const auto* delivery = std::get_if<Found>(&found);
  if (delivery == nullptr || !delivery->info.from_config) return found;
  return Fault{ErrorType::resource_in_use, name_text(call, name) +
                                               " is declared in the gateway's configuration file; change it there and "
                                               "restart the gateway."};
}

Fault no_such_delivery(const Call& call, std::string_view name) {
  return {ErrorType::resource_not_found, name_text(call, name) + " not found."};
}

Fault being_changed(const Call& call, std::string_view name) {
  return {ErrorType::resource_in_use, name_text(call, name) + " is being changed by another call; try again."};
}

std::string edit_key(const Call& call, std::string_view name) { return call.account + "/" + std::string(name); }

Fault fault_of(const Error& error) {
  switch (error.code) {
    case Errc::not_found: return {ErrorType::resource_not_found, error.context};
    case Errc::already_exists: return {ErrorType::resource_in_use, error.context};
    case Errc::conflict: return {ErrorType::concurrent_modification, error.context};
    case Errc::invalid_argument:
    case Errc::out_of_range:
    case Errc::too_large:
    case Errc::permission:
    case Errc::unsupported: return {ErrorType::invalid_argument, error.context};
    case Errc::no_space:
    case Errc::unavailable:
    case Errc::cancelled:
    case Errc::timed_out: return {ErrorType::firehose_unavailable, error.context};
    default: return {ErrorType::internal_failure, ""};
  }
}

}  // namespace forebay::gateway::firehose
