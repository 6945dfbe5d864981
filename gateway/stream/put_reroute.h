#pragma once

#include <vector>

#include "gateway/log/submission.h"
#include "gateway/stream/stream_service.h"

namespace forebay::gateway::stream {

/// Batches that came back because the shard map had changed, brought to the present map. The order of a key's records
/// stays: a key's records were all in one batch and are all in one batch again.
struct ReroutedParts {
  struct Place {
    std::uint32_t shard = 0;     ///< index into the open shards of the present map
    std::uint32_t position = 0;  ///< within the batch
  };
  /// The records of one former batch. Empty `places`: the batch is as it was, in shard `whole`.
  struct Moved {
    std::uint32_t whole = 0;
    std::vector<Place> places;
    [[nodiscard]] Place of(std::uint32_t position) const {
      return places.empty() ? Place{whole, position} : places[position];
    }
  };
  std::vector<log::BatchPart> parts;
  std::vector<std::size_t> part_of;  ///< by index of the open shards of the present map
  std::vector<Moved> moved;          ///< by index of the open shards of the former map
};

/// `parts` as they were built for the map of `from`. Errors  corrupt: a batch is not one that was built here.
Result<ReroutedParts> reroute(const Stream& from, std::vector<log::BatchPart> parts, const Stream& to);

}  // namespace forebay::gateway::stream
