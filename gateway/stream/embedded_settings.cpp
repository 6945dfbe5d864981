#include "gateway/stream/embedded_stream_service.h"

/// Settings of streams and accounts of EmbeddedStreamService.
namespace forebay::gateway::stream {

Attributes EmbeddedStreamService::account_attributes(std::string_view account) const {
  const auto directory = log_->directory();
  const auto found = directory->accounts.find(account);
  return found == directory->accounts.end() ? Attributes() : *found->second;
}

Task<Result<StreamPtr>> EmbeddedStreamService::change(StreamPtr stream, StreamSettings settings) {
  log::ChangeStreamWork change;
  change.stream = stream->id;
  if (settings.mode) change.mode = static_cast<std::uint8_t>(*settings.mode);
  change.retention_hours = settings.retention_hours;
  change.record_bytes_max = settings.record_bytes_max;
  change.attributes = std::move(settings.attributes);
  if (settings.if_unchanged) change.settings_version = stream->settings_version;
  log::Work work = std::move(change);
  FB_CO_TRY(const auto done, co_await run(std::move(work)));
  (void)done;
  StreamPtr now = find(stream->account, stream->name);
  if (!now || now->id != stream->id)
    co_return Error{Errc::not_found, "stream " + stream->name + " was deleted meanwhile"};
  co_return now;
}

Task<Result<void>> EmbeddedStreamService::set_account_attributes(std::string account,
                                                                 std::vector<AttributeChange> changes) {
  if (account.empty() || account.size() > 255)
    co_return Error{Errc::invalid_argument, "account names have 1..255 bytes"};
  log::ChangeAccountWork change;
  change.account = std::move(account);
  change.attributes = std::move(changes);
  log::Work work = std::move(change);
  FB_CO_TRY(const auto done, co_await run(std::move(work)));
  (void)done;
  co_return Result<void>();
}

}  // namespace forebay::gateway::stream
