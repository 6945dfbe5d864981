#include "gateway/stream/embedded_stream_service.h"

/// Changes of shard maps of EmbeddedStreamService.
namespace forebay::gateway::stream {
namespace {
constexpr std::uint32_t kShardsPerStreamMax = 10'000;
}

Task<Result<StreamPtr>> EmbeddedStreamService::split(StreamPtr stream, ShardNumber shard, HashKey new_start) {
  log::Reshard wish = log::SplitShard{shard, new_start};
  std::vector<AttributeChange> none;
  co_return co_await reshard(std::move(stream), std::move(wish), std::move(none));
}

Task<Result<StreamPtr>> EmbeddedStreamService::merge(StreamPtr stream, ShardNumber lower, ShardNumber upper) {
  log::Reshard wish = log::MergeShards{lower, upper};
  std::vector<AttributeChange> none;
  co_return co_await reshard(std::move(stream), std::move(wish), std::move(none));
}

Task<Result<StreamPtr>> EmbeddedStreamService::scale(StreamPtr stream, std::uint32_t shard_count,
                                                     std::vector<AttributeChange> attributes) {
  if (shard_count == 0 || shard_count > kShardsPerStreamMax)
    co_return Error{Errc::invalid_argument, "shard_count must be 1.." + std::to_string(kShardsPerStreamMax)};
  log::Reshard wish = log::ScaleShards{shard_count};
  co_return co_await reshard(std::move(stream), std::move(wish), std::move(attributes));
}

Task<Result<StreamPtr>> EmbeddedStreamService::reshard(StreamPtr stream, log::Reshard wish,
                                                       std::vector<AttributeChange> attributes) {
  log::ReshardWork change;
  change.stream = stream->id;
  change.wish = std::move(wish);
  change.attributes = std::move(attributes);
  log::Work work = std::move(change);
  FB_CO_TRY(const auto done, co_await run(std::move(work)));
  (void)done;
  StreamPtr now = find(stream->account, stream->name);
  if (!now || now->id != stream->id)
    co_return Error{Errc::not_found, "stream " + stream->name + " was deleted meanwhile"};
  co_return now;
}

}  // namespace forebay::gateway::stream
