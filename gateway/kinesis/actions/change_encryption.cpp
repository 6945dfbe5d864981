#include "gateway/kinesis/actions/change_encryption.h"

#include "gateway/kinesis/daily_quota.h"
#include "gateway/kinesis/encryption.h"
#include "gateway/kinesis/stream_edit.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
Edit plan_encryption(const Call& call, EncryptionChange change, const std::string& key_id,
                     const stream::Stream& stream) {
  const bool start = change == EncryptionChange::start;
  stream::StreamSettings settings;
  if (key_id_of(stream) == (start ? std::string_view(key_id) : std::string_view())) return settings;
  const DailyQuota& quota = start ? kEncryptionStarts : kEncryptionStops;
  auto counted = count_call(stream, quota, call.services.clock.wall_now());
  if (!counted)
    return Fault{ErrorType::limit_exceeded, "Encryption of stream " + stream.name + " under account " + call.account +
                                                " was " + (start ? "started " : "stopped ") +
                                                std::to_string(quota.calls) +
                                                " times in the last 24 hours, which is the limit."};
  settings.attributes.push_back(*std::move(counted));
  std::optional<std::string> value;
  if (start) value = key_id;
  settings.attributes.push_back({std::string(kKeyIdAttribute), std::move(value)});
  return settings;
}
}  // namespace

Task<Reply> change_encryption(Call& call, EncryptionChange change, std::optional<std::string> name,
                              std::optional<std::string> arn, std::string encryption_type, std::string key_id) {
  auto found = find_stream(call, name, arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  if (encryption_type != "KMS")
    co_return Fault{ErrorType::invalid_argument, "EncryptionType must be KMS: the call says whether it starts or stops."};
  if (!is_key_id(key_id))
    co_return Fault{ErrorType::invalid_argument, "KeyId " + key_id + " is not the id, the ARN or the alias of a key."};
  if (change == EncryptionChange::start)
    if (auto fault = refuse_key(call, key_id)) co_return *std::move(fault);
  EditPlan plan = [&call, &key_id, change](const stream::Stream& stream) {
    return plan_encryption(call, change, key_id, stream);
  };
  auto changed = co_await edit_stream(call, std::get<stream::StreamPtr>(found), std::move(plan));
  if (auto* fault = std::get_if<Fault>(&changed)) co_return std::move(*fault);
  co_return std::string();
}

}  // namespace forebay::gateway::kinesis
