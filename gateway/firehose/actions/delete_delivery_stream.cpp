// DeleteDeliveryStream: stops delivery; records of direct puts that were not delivered go with it. One of the
// configuration file comes back with the next start as long as it stands there.
#include "wire/firehose/shapes/delete_delivery_stream.h"

#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/call_codec.h"
#include "gateway/firehose/delivery_lookup.h"

namespace forebay::gateway::firehose {
using wire::firehose::DeleteDeliveryStreamRequest;
using wire::kinesis::Fault;

Task<Reply> delete_delivery_stream(Call& call) {
  auto decoded = decode_call<DeleteDeliveryStreamRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const std::string name = *std::get<DeleteDeliveryStreamRequest>(decoded).name;
  const DocumentEdits::Edit edit(*call.services.edits, edit_key(call, name));
  auto found = find_delivery(call, name);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  if (!edit.begun()) co_return being_changed(call, name);
  auto removed = co_await call.services.deliveries.remove(call.account, name);
  if (removed) co_return std::string("{}");
  if (removed.error().code == Errc::not_found) co_return no_such_delivery(call, name);
  co_return fault_of(removed.error());
}

}  // namespace forebay::gateway::firehose
