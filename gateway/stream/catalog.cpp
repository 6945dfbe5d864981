#include "gateway/stream/catalog.h"

#include <algorithm>

#include "gateway/stream/embedded_shard.h"

namespace forebay::gateway::stream {
namespace {

/// Counts go on as long as the stream wants them.
std::shared_ptr<ShardMeters> meters_of(const Stream& stream, const StreamPtr& before) {
  if (!stream.attributes.contains(kShardMetricsAttribute)) return {};
  if (!before || before->id != stream.id || !before->meters) return std::make_shared<ShardMeters>();
  before->meters->keep(stream.shards);
  return before->meters;
}

StreamPtr make_stream(const log::StreamLog& log, const StreamPtr& before) {
  const log::StreamDefinition& definition = log.definition;
  auto stream = std::make_shared<Stream>();
  stream->id = definition.id;
  stream->account = definition.account;
  stream->name = definition.name;
  stream->mode = static_cast<StreamMode>(definition.mode);
  stream->created = definition.created;
  stream->retention_hours = definition.retention_hours;
  stream->retention_bytes = definition.retention_bytes;
  stream->record_bytes_max = definition.record_bytes_max;
  stream->map_version = definition.map_version;
  stream->attributes = log.attributes;
  stream->settings_version = log.settings_version;
  for (std::size_t i = 0; i < definition.shards.size(); ++i) {
    const log::ShardDefinition& from = definition.shards[i];
    auto shard = std::make_shared<EmbeddedShard>(log.views[i]);
    shard->number = from.number;
    shard->parent = from.parent;
    shard->adjacent_parent = from.adjacent_parent;
    shard->range = from.range;
    shard->created = from.created;
    shard->closed = from.closed;
    stream->shards.push_back(shard);
    if (!from.closed) stream->open_shards.push_back(shard);
  }
  std::sort(stream->open_shards.begin(), stream->open_shards.end(),
            [](const auto& a, const auto& b) { return a->range.start < b->range.start; });
  stream->meters = meters_of(*stream, before);
  return stream;
}

}  // namespace

void Catalog::update(const std::shared_ptr<const log::Directory>& directory) {
  const auto old = snapshot_.get();
  auto next = std::make_shared<Snapshot>();
  for (const auto& [id, log] : directory->streams) {
    const log::StreamDefinition& definition = log->definition;
    Entry& entry = (*next)[definition.account][definition.name];
    if (const auto account = old->find(definition.account); account != old->end())
      if (const auto known = account->second.find(definition.name); known != account->second.end())
        entry = known->second;
    if (entry.log != log) entry = {log, make_stream(*log, entry.stream)};
  }
  snapshot_.set(std::move(next));
}

StreamPtr Catalog::find(std::string_view account, std::string_view name) const {
  const auto snapshot = snapshot_.get();
  const auto names = snapshot->find(account);
  if (names == snapshot->end()) return {};
  const auto found = names->second.find(name);
  return found == names->second.end() ? StreamPtr() : found->second.stream;
}

std::vector<StreamPtr> Catalog::list(std::string_view account, std::string_view after, std::size_t limit) const {
  const auto snapshot = snapshot_.get();
  std::vector<StreamPtr> streams;
  const auto names = snapshot->find(account);
  if (names == snapshot->end()) return streams;
  for (auto it = names->second.upper_bound(after); it != names->second.end() && streams.size() < limit; ++it)
    if (!is_internal_name(it->first)) streams.push_back(it->second.stream);
  return streams;
}

std::uint64_t Catalog::open_shard_count(std::string_view account) const {
  const auto snapshot = snapshot_.get();
  const auto names = snapshot->find(account);
  if (names == snapshot->end()) return 0;
  std::uint64_t count = 0;
  for (const auto& [name, entry] : names->second)
    if (!is_internal_name(name)) count += entry.stream->open_shards.size();
  return count;
}

std::vector<StreamPtr> Catalog::metered() const {
  const auto snapshot = snapshot_.get();
  std::vector<StreamPtr> streams;
  for (const auto& [account, names] : *snapshot)
    for (const auto& [name, entry] : names)
      if (entry.stream->meters) streams.push_back(entry.stream);
  return streams;
}

}  // namespace forebay::gateway::stream
