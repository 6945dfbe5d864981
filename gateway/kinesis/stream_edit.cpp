#include "gateway/kinesis/stream_edit.h"

#include "gateway/kinesis/error_reply.h"

namespace forebay::gateway::kinesis {
using stream::StreamSettings;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
constexpr int kAttemptsMax = 64;

bool is_empty(const StreamSettings& settings) {
  return !settings.mode && !settings.retention_hours && !settings.record_bytes_max && settings.attributes.empty();
}
}  // namespace

Task<StreamOrFault> edit_stream(const Call& call, stream::StreamPtr stream, EditPlan plan) {
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    Edit edit = plan(*stream);
    if (auto* fault = std::get_if<Fault>(&edit)) co_return std::move(*fault);
    StreamSettings settings = std::get<StreamSettings>(std::move(edit));
    if (is_empty(settings)) co_return stream;
    settings.if_unchanged = true;
    auto changed = co_await call.services.streams.change(stream, std::move(settings));
    if (changed) co_return *changed;
    if (changed.error().code == Errc::not_found) co_return no_such_stream(call, stream->name);
    if (changed.error().code != Errc::conflict) co_return fault_of(changed.error());
    stream::StreamPtr now = call.services.streams.find(stream->account, stream->name);
    if (!now || now->id != stream->id) co_return no_such_stream(call, stream->name);
    stream = std::move(now);
  }
  co_return Fault{ErrorType::resource_in_use, "Stream " + stream->name + " under account " + call.account +
                                                  " is being changed by many calls at once. Try again."};
}

}  // namespace forebay::gateway::kinesis
