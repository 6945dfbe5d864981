#include "gateway/kinesis/actions/change_encryption.h"

#include "gateway/kinesis/daily_quota.h"
#include "gateway/kinesis/encryption.h"
#include "gateway/kinesis/stream_edit.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
/// What the stream is to be encrypted with; empty id: with nothing.
struct Wish {
  std::string key_id;
  stream::KeyId key;
};

Edit plan_encryption(const Call& call, const Wish& wish, const stream::Stream& stream) {
  const bool start = !wish.key_id.empty();
  const WallTime now = call.services.clock.wall_now();
  stream::StreamSettings settings;
  settings.attributes = stream::change_of_key(stream.attributes, wish.key, now);
  if (settings.attributes.empty() && key_id_of(stream) == wish.key_id) return settings;
  const DailyQuota& quota = start ? kEncryptionStarts : kEncryptionStops;
  auto counted = count_call(stream, quota, now);
  if (!counted)
    return Fault{ErrorType::limit_exceeded, "Encryption of stream " + stream.name + " under account " + call.account +
                                                " was " + (start ? "started " : "stopped ") +
                                                std::to_string(quota.calls) +
                                                " times in the last 24 hours, which is the limit."};
  settings.attributes.push_back(*std::move(counted));
  std::optional<std::string> value;
  if (start) value = wish.key_id;
  settings.attributes.push_back({std::string(kKeyIdAttribute), std::move(value)});
  return settings;
}
}  // namespace

Task<Reply> change_encryption(Call& call, EncryptionChange change, std::optional<std::string> name,
                              std::optional<std::string> arn, std::string encryption_type, std::string key_id) {
  auto found = find_stream(call, name, arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  if (encryption_type != "KMS")
    co_return Fault{ErrorType::invalid_argument,
                    "EncryptionType must be KMS: the call says whether it starts or stops."};
  if (!is_key_id(key_id))
    co_return Fault{ErrorType::invalid_argument, "KeyId " + key_id + " is not the id, the ARN or the alias of a key."};
  Wish wish;
  if (change == EncryptionChange::start) {
    auto key = find_key(call, key_id);
    if (auto* fault = std::get_if<Fault>(&key)) co_return std::move(*fault);
    wish.key = std::get<stream::KeyId>(key);
    wish.key_id = std::move(key_id);
  }
  EditPlan plan = [&call, &wish](const stream::Stream& stream) { return plan_encryption(call, wish, stream); };
  auto changed = co_await edit_stream(call, std::get<stream::StreamPtr>(found), std::move(plan));
  if (auto* fault = std::get_if<Fault>(&changed)) co_return std::move(*fault);
  co_return std::string();
}

}  // namespace forebay::gateway::kinesis
