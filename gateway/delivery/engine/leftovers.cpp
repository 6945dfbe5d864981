#include "gateway/delivery/engine/leftovers.h"

#include <set>
#include <utility>

#include "gateway/delivery/engine/object_plan.h"

namespace forebay::gateway::delivery {
namespace {

/// What all names of a prefix begin with.
std::string literal_part(const std::string& prefix) { return prefix.substr(0, prefix.find("!{")); }

/// Bucket, and what names in it begin with.
using Place = std::pair<std::string, std::string>;

void add_places(const ObjectDestination& objects, std::set<Place>& out) {
  if (objects.bucket.empty()) return;
  out.emplace(objects.bucket, literal_part(objects.prefix));
  if (!objects.error_prefix.empty()) out.emplace(objects.bucket, literal_part(objects.error_prefix));
}

/// Wherever this delivery stream puts objects: data, what could not be processed, backups, dead letters.
std::set<Place> places_of(const DeliveryDefinition& definition) {
  std::set<Place> places;
  for (const std::string_view track : {kLiveTrack, kBackupTrack})
    if (const auto plan = object_plan(definition, track)) add_places(plan->objects, places);
  if (const auto* records = std::get_if<RecordDestination>(&definition.destination))
    add_places(records->dead_letters.objects, places);
  return places;
}

Result<void> end_uploads(EngineServices& services, const std::string& delivery, const Place& place, WallTime before) {
  const auto& [bucket, prefix] = place;
  FB_TRY(const auto store, services.dependencies.sinks->object_store(bucket));
  FB_TRY(const std::size_t ended, store->abort_leftovers(prefix, delivery, before));
  if (ended > 0) services.logger.info("unfinished uploads ended", {{"bucket", bucket}, {"count", ended}});
  return {};
}

Result<void> remove_orphan(EngineServices& services, const OrphanRow& orphan) {
  FB_TRY(const auto store, services.dependencies.sinks->object_store(orphan.bucket));
  FB_CHECK(store->remove(orphan.key));
  return services.checked(services.store->remove_orphan(orphan.id));
}

}  // namespace

Result<void> clean_up(EngineServices& services, DeliveryState& delivery) {
  Result<void> last;
  const auto note = [&last](Result<void> done) {
    if (!done) last = std::move(done);
  };
  const WallTime now = services.clock().wall_now();
  if (const CompiledPtr compiled = delivery.compiled())
    for (const Place& place : places_of(compiled->definition))
      note(end_uploads(services, delivery.info().name, place, now - kUploadAgeMax));
  FB_TRY(const auto orphans, services.store->orphans(delivery.id(), now - kOrphanAgeMax));
  for (const OrphanRow& orphan : orphans) note(remove_orphan(services, orphan));
  return last;
}

}  // namespace forebay::gateway::delivery
