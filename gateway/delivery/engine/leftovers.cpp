#include "gateway/delivery/engine/leftovers.h"

#include "gateway/delivery/engine/object_plan.h"

namespace forebay::gateway::delivery {
namespace {

/// What all names of a prefix begin with.
std::string literal_part(const std::string& prefix) { return prefix.substr(0, prefix.find("!{")); }

Result<void> end_uploads(EngineServices& services, const ObjectDestination& objects, WallTime before) {
  FB_TRY(const auto store, services.dependencies.sinks->object_store(objects.bucket));
  FB_TRY(const std::size_t ended, store->abort_leftovers(literal_part(objects.prefix), before));
  if (ended > 0) services.logger.info("unfinished uploads ended", {{"bucket", objects.bucket}, {"count", ended}});
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
    for (const std::string_view track : {kLiveTrack, kBackupTrack})
      if (const auto plan = object_plan(compiled->definition, track))
        note(end_uploads(services, plan->objects, now - kUploadAgeMax));
  FB_TRY(const auto orphans, services.store->orphans(delivery.id(), now - kOrphanAgeMax));
  for (const OrphanRow& orphan : orphans) note(remove_orphan(services, orphan));
  return last;
}

}  // namespace forebay::gateway::delivery
