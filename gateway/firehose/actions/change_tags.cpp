#include "gateway/firehose/actions/change_tags.h"

namespace forebay::gateway::firehose {
using wire::kinesis::Fault;

Task<Reply> change_tags(Call& call, std::string name, const TagChange& change) {
  const DocumentEdits::Edit edit(*call.services.edits, edit_key(call, name));
  auto found = find_changeable(call, name);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  if (!edit.begun()) co_return being_changed(call, name);
  DeliveryDocument& document = std::get<Found>(found).document;
  if (auto fault = change(document.tags)) co_return *std::move(fault);
  std::string text = document_text(document);
  auto done = co_await call.services.deliveries.annotate(call.account, name, std::move(text));
  if (done) co_return std::string("{}");
  if (done.error().code == Errc::not_found) co_return no_such_delivery(call, name);
  co_return fault_of(done.error());
}

}  // namespace forebay::gateway::firehose
