#include "gateway/delivery/engine/object_plan.h"

#include "gateway/delivery/engine/delivery_rows.h"
#include "gateway/delivery/objects/object_names.h"
#include "wire/kinesis/json_text.h"

namespace forebay::gateway::delivery {
namespace {

/// Copies are of the records as they came.
Processing as_they_came(const Processing& processing) {
  Processing copy;
  copy.deaggregate = processing.deaggregate;
  copy.delimiter = processing.delimiter;
  return copy;
}

}  // namespace

std::optional<ObjectPlan> object_plan(const DeliveryDefinition& definition, std::string_view track) {
  const auto* objects = std::get_if<ObjectDestination>(&definition.destination);
  const auto* records = std::get_if<RecordDestination>(&definition.destination);
  if (track != kBackupTrack) {
    if (objects == nullptr) return std::nullopt;
    return ObjectPlan{definition.processing, *objects};
  }
  if (definition.backup) return ObjectPlan{as_they_came(definition.processing), definition.backup->objects};
  if (records != nullptr && records->dead_letters.all_data)
    return ObjectPlan{as_they_came(definition.processing), records->dead_letters.objects};
  return std::nullopt;
}

std::string loss_line(const Cut& cut, const std::string& reason) {
  using wire::kinesis::append_integer;
  using wire::kinesis::append_json_string;
  std::string line = "{\"_forebay\":\"gap\",\"key\":";
  append_json_string(line, "forebay.gap/" + cut.source.delivery);
  line += ",\"delivery\":";
  append_json_string(line, cut.source.delivery);
  line += ",\"source\":";
  append_json_string(line, cut.source.stream);
  line += ",\"shard\":";
  append_integer(line, cut.source.shard.value());
  line += ",\"from\":";
  append_integer(line, cut.first.value());
  line += ",\"to\":";
  append_integer(line, cut.last.value());
  line += ",\"count\":";
  append_integer(line, cut.last.value() - cut.first.value() + 1);
  line += ",\"reason\":";
  append_json_string(line, reason);
  return line + "}\n";
}

ObjectDestination error_names(ObjectDestination objects) {
  if (!objects.error_prefix.empty()) objects.prefix.clear();
  objects.dynamic_partitioning = false;
  return objects;
}

Result<FinishedObject> loss_declaration(const ObjectDestination& objects, const Cut& cut, const std::string& reason) {
  FB_TRY(const ObjectNames names, ObjectNames::make(error_names(objects), {}, ""));
  FinishedObject object;
  object.key = names.error_name(cut, cut.oldest, kLossErrorType).key;
  object.body = to_buffer(as_bytes(loss_line(cut, reason)));
  object.content_type = "application/json";
  object.sha256 = sha256(object.body);
  object.records = static_cast<std::uint64_t>(cut.last.value() - cut.first.value() + 1);
  object.error_type = kLossErrorType;
  return object;
}

}  // namespace forebay::gateway::delivery
