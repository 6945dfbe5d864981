#include "gateway/stream/on_demand_scaler.h"

#include <algorithm>
#include <charconv>

#include "gateway/stream/stream_service.h"

namespace forebay::gateway::stream {
namespace {
constexpr Milliseconds kTickInterval{500};

/// Shards the stream does not fall below, for its warm throughput.
std::uint32_t warm_shards(const log::StreamLog& stream) {
  const auto found = stream.attributes.find("warm_mibps");
  std::uint32_t shards = 0;
  if (found == stream.attributes.end()) return shards;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), shards);
  return shards;
}
}

struct OnDemandScaler::Scaling final : log::Submission {
  using log::Submission::Submission;
  std::string stream;
  std::uint32_t before = 0;
  OnDemandDecision decision;
};

void OnDemandScaler::tick() {
  const SteadyTime now = clock_->steady_now();
  if (now - last_tick_ < kTickInterval) return;
  last_tick_ = now;
  const auto directory = log_->directory();
  std::erase_if(rates_, [&](const auto& rate) { return !directory->streams.contains(rate.first); });
  for (const auto& [id, stream] : directory->streams) {
    if (static_cast<StreamMode>(stream->definition.mode) == StreamMode::on_demand) watch(*stream, now);
    else rates_.erase(id);
  }
}

void OnDemandScaler::watch(const log::StreamLog& stream, SteadyTime now) {
  const log::StreamDefinition& definition = stream.definition;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint32_t open = 0;
  for (std::size_t i = 0; i < stream.views.size(); ++i) {
    records += static_cast<std::uint64_t>(stream.views[i]->end().value());
    bytes += stream.views[i]->appended_bytes();
    if (!definition.shards[i].closed) ++open;
  }
  auto decision = rates_.try_emplace(definition.id, options_).first->second.observe(now, records, bytes, open);
  if (!decision) return;
  if (decision->shards < open) decision->shards = std::min(open, std::max(decision->shards, warm_shards(stream)));
  if (decision->shards == open) return;
  log::ReshardWork work;
  work.stream = definition.id;
  work.wish = log::ScaleShards{decision->shards};
  auto scaling = std::make_unique<Scaling>(std::move(work), *this);
  scaling->stream = definition.name;
  scaling->before = open;
  scaling->decision = *std::move(decision);
  (void)log_->submit(std::move(scaling));  // a full queue: the next interval decides again
}

void OnDemandScaler::completed(std::vector<log::SubmissionPtr> finished) {
  for (const log::SubmissionPtr& submission : finished) {
    // Only watch() makes submissions that name this owner.
    const auto& scaling = static_cast<const Scaling&>(*submission);
    if (scaling.error)
      logger_.warning(
          "an on-demand stream could not be scaled",
          {{"stream", scaling.stream}, {"wanted", scaling.decision.shards}, {"error", scaling.error->context}});
    else
      logger_.info("on-demand stream scaled", {{"stream", scaling.stream},
                                               {"from", scaling.before},
                                               {"to", scaling.decision.shards},
                                               {"reason", scaling.decision.reason}});
  }
}

}  // namespace forebay::gateway::stream
