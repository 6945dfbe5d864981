#pragma once

#include <functional>

#include "gateway/delivery/engine/lane.h"

namespace forebay::gateway::delivery {

/// D5 at the start of a gateway, before anything is appended: reads the manifests of lanes, several at once, and waits
/// for them at most EngineOptions::manifest_patience. Where it is found that the gateway was restored to an older
/// state, the timeline rises, and uploads that every lane of a stream has delivered are not taken again. A lane whose
/// manifest could not be read is left as it is: it reads for itself when it begins.
class ManifestStart {
 public:
  /// How many lanes wait for records of a stream, whatever they deliver to.
  using LaneCounts = std::map<stream::StreamId, std::size_t>;

  explicit ManifestStart(EngineServices& services) : services_(services) {}

  /// Reads; then calls `adopted` for each lane whose manifest was read, after it was made durable. Blocks.
  /// Errors  those of the database and of the log: the gateway cannot begin.
  Result<void> run(const std::vector<std::shared_ptr<Lane>>& lanes, const LaneCounts& all,
                   const std::function<void(const Lane&)>& adopted);

 private:
  struct Reading;
  struct Read {
    std::shared_ptr<Lane> lane;
    Adoption found;
  };
  std::vector<Read> read(const std::vector<std::shared_ptr<Lane>>& lanes);
  Result<void> raise_upload_lanes(const std::vector<Read>& reads, const LaneCounts& all);
  [[nodiscard]] bool are_all(const std::vector<const Read*>& reads, std::size_t all) const;

  EngineServices& services_;
};

/// For each upload lane the records that all have; nothing of one that any lacks.
LaneMarks delivered_by_all(const std::vector<const LaneMarks*>& delivered);

}  // namespace forebay::gateway::delivery
