#include "gateway/kinesis/actions/retention.h"

#include "gateway/kinesis/error_reply.h"
#include "gateway/kinesis/stream_lookup.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
constexpr std::int32_t kHoursMin = 24;
constexpr std::int32_t kHoursMax = 8760;

std::optional<Fault> check_hours(RetentionChange change, const stream::Stream& stream, std::int32_t hours) {
  const std::string wanted = "Requested retention period (" + std::to_string(hours) + " hours)";
  if (hours < kHoursMin)
    return Fault{ErrorType::invalid_argument,
                 "Minimum allowed retention period is 24 hours. " + wanted + " is too short."};
  if (hours > kHoursMax)
    return Fault{ErrorType::invalid_argument,
                 "Maximum allowed retention period is 8760 hours. " + wanted + " is too long."};
  const bool shorter = change == RetentionChange::increase && hours < stream.retention_hours;
  const bool longer = change == RetentionChange::decrease && hours > stream.retention_hours;
  if (!shorter && !longer) return std::nullopt;
  return Fault{ErrorType::invalid_argument, wanted + " for stream " + stream.name + " can not be " +
                                                (shorter ? "shorter" : "longer") + " than existing retention period (" +
                                                std::to_string(stream.retention_hours) + " hours). Use " +
                                                (shorter ? "Decrease" : "Increase") + "RetentionPeriod API."};
}
}  // namespace

Task<Reply> change_retention(Call& call, RetentionChange change, std::optional<std::string> name,
                             std::optional<std::string> arn, std::int32_t hours) {
  auto found = find_stream(call, name, arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(found);
  if (auto fault = check_hours(change, *stream, hours)) co_return *std::move(fault);
  if (hours == stream->retention_hours) co_return std::string();
  auto changed = co_await call.services.streams.set_retention(stream, hours);
  if (changed) co_return std::string();
  if (changed.error().code == Errc::not_found) co_return no_such_stream(call, stream->name);
  co_return fault_of(changed.error());
}

}  // namespace forebay::gateway::kinesis
