#include "tests/crash_gateway/oracle.h"

namespace forebay::test {
namespace {

std::string name_of(glog::ShardId id) {
  return "stream " + std::to_string(id.stream.value()) + " shard " + std::to_string(id.shard.value());
}

void change(const Oracle::SettingsChange& change, Oracle::Settings& settings) {
  glog::apply_changes(change.attributes, settings.attributes);
  if (change.record_bytes_max) settings.record_bytes_max = change.record_bytes_max;
}

}  // namespace

void Oracle::answered(bool done, const glog::StreamDefinition* definition) {
  Pending pending = std::move(pending_.front());
  pending_.pop_front();
  ++version_;
  if (!done) return;
  for (const auto& part : pending.parts)
    values_[part.shard].insert(values_[part.shard].end(), part.values.begin(), part.values.end());
  for (const auto& [key, range] : pending.lanes) lanes_[key].push_back(range);
  if (definition != nullptr) streams_[definition->id] = *definition;
  if (pending.settings) change(*pending.settings, settings_[pending.settings->stream]);
  if (pending.removes) {
    streams_.erase(*pending.removes);
    std::erase_if(lanes_, [&](const auto& lane) { return lane.first.stream == *pending.removes; });
  }
}

std::string Oracle::check(LogHarness& recovered) const {
  std::set<glog::StreamId> leaving;
  std::size_t creating = 0;
  for (const Pending& pending : pending_) {
    if (pending.removes) leaving.insert(*pending.removes);
    if (!pending.creates.empty()) ++creating;
  }
  const auto directory = recovered.log->directory();
  std::size_t unknown = 0;
  for (const auto& [id, stream] : directory->streams)
    if (!streams_.contains(id)) ++unknown;
  if (unknown > creating) return "a stream exists that nobody created, or a deleted one came back";
  std::map<glog::ShardId, std::vector<std::string>> beyond;
  for (const auto& [stream, known] : streams_) {
    const auto found = directory->streams.find(stream);
    if (found == directory->streams.end()) {
      if (leaving.contains(stream)) continue;
      return "stream " + std::to_string(stream.value()) + " is gone";
    }
    if (auto broken = check_map(known, *found->second); !broken.empty())
      return "stream " + std::to_string(stream.value()) + ": " + broken;
    for (const auto& view : found->second->views)
      if (auto broken = check_shard(recovered, *view, beyond); !broken.empty()) return broken;
  }
  if (auto broken = check_pending(beyond); !broken.empty()) return broken;
  if (auto broken = check_lanes(recovered); !broken.empty()) return broken;
  return check_settings(recovered);
}

std::string Oracle::check_settings(LogHarness& recovered) const {
  const auto directory = recovered.log->directory();
  Settings account;
  for (const auto& [name, attributes] : directory->accounts) account.attributes = *attributes;
  if (auto broken = check_settings(glog::StreamId(0), account); !broken.empty()) return broken;
  for (const auto& [id, shards] : streams_) {
    const auto found = directory->streams.find(id);
    if (found == directory->streams.end()) continue;
    Settings settings{found->second->attributes, found->second->definition.record_bytes_max};
    if (settings.record_bytes_max == glog::StreamDefinition().record_bytes_max) settings.record_bytes_max.reset();
    if (auto broken = check_settings(id, settings); !broken.empty()) return broken;
  }
  return {};
}

std::string Oracle::check_settings(glog::StreamId owner, const Settings& found) const {
  Settings expected;
  if (const auto known = settings_.find(owner); known != settings_.end()) expected = known->second;
  if (expected == found) return {};
  for (const Pending& pending : pending_) {
    if (!pending.settings || pending.settings->stream != owner) continue;
    change(*pending.settings, expected);
    if (expected == found) return {};
  }
  return "settings of " +
         (owner.value() == 0 ? std::string("the account") : "stream " + std::to_string(owner.value())) +
         " are neither the acknowledged ones nor those of a later submission";
}

void Oracle::found(const glog::StreamDefinition& definition) {
  const auto known = streams_.find(definition.id);
  if (known == streams_.end() || known->second.map_version == definition.map_version) return;
  known->second = definition;
  ++version_;
}

std::string Oracle::check_map(const glog::StreamDefinition& known, const glog::StreamLog& found) const {
  const glog::StreamDefinition& map = found.definition;
  if (map.map_version < known.map_version) return "an answered change of the shard map is lost";
  bool wanted = map.map_version == known.map_version ? map.shards == known.shards : expiring_;
  for (const Pending& pending : pending_)
    wanted = wanted || (pending.map && pending.map->id == known.id && pending.map->map_version == map.map_version &&
                        pending.map->shards.size() == map.shards.size());
  if (!wanted) return "the shard map is neither the one that was answered nor the one that was asked for";
  const auto open = glog::open_shards(map);
  if (open.empty() || open.front()->range.start != HashKey() || open.back()->range.end != HashKey::max())
    return "the open shards do not reach over the hash space";
  for (std::size_t i = 0; i + 1 < open.size(); ++i)
    if (open[i]->range.end.next() != open[i + 1]->range.start) return "the open shards do not tile the hash space";
  if (found.views.size() != map.shards.size()) return "a shard has no log";
  for (std::size_t i = 0; i < found.views.size(); ++i)
    if (found.views[i]->id().shard != map.shards[i].number) return "a shard has the log of another";
  return {};
}

std::string Oracle::check_shard(LogHarness& recovered, const glog::ShardView& view,
                                std::map<glog::ShardId, std::vector<std::string>>& beyond) const {
  const glog::ShardId id = view.id();
  static const std::vector<std::string> kNone;
  const auto known = values_.find(id);
  const std::vector<std::string>& acknowledged = known == values_.end() ? kNone : known->second;
  const auto end = static_cast<std::size_t>(view.end().value());
  if (end < acknowledged.size())
    return name_of(id) + ": acknowledged records are lost: " + std::to_string(acknowledged.size()) +
           " were acknowledged, the end is " + std::to_string(end);
  if (const auto seen = seen_.find(id); seen != seen_.end() && view.end().value() < seen->second)
    return name_of(id) + ": a record that was readable is gone";
  auto offset = static_cast<std::size_t>(view.start().value());
  for (const auto& [at, value] : recovered.read_all(view)) {
    if (at < 0) return name_of(id) + ": cannot be read: " + value;
    if (static_cast<std::size_t>(at) != offset) return name_of(id) + ": a hole before offset " + std::to_string(at);
    if (offset < acknowledged.size() && value != acknowledged[offset])
      return name_of(id) + ": offset " + std::to_string(at) + " is " + value + ", acknowledged as " +
             acknowledged[offset];
    if (offset >= acknowledged.size()) beyond[id].push_back(value);
    ++offset;
  }
  if (offset != end) return name_of(id) + ": reading ended before the end";
  return {};
}

std::string Oracle::check_pending(const std::map<glog::ShardId, std::vector<std::string>>& beyond) const {
  std::map<glog::ShardId, std::size_t> used;
  bool cut = false;
  for (const Pending& pending : pending_) {
    std::size_t present = 0;
    for (const auto& part : pending.parts) {
      const auto found = beyond.find(part.shard);
      std::size_t& at = used[part.shard];
      if (found == beyond.end() || at + part.values.size() > found->second.size()) continue;
      if (!std::equal(part.values.begin(), part.values.end(), found->second.begin() + static_cast<std::ptrdiff_t>(at)))
        return name_of(part.shard) + ": an invented record";
      at += part.values.size();
      ++present;
    }
    if (present != 0 && present != pending.parts.size()) return "a submission survived in part";
    if (present != 0 && cut) return "a later submission survived an earlier one";
    cut = cut || (present == 0 && !pending.parts.empty());
  }
  for (const auto& [shard, values] : beyond)
    if (used[shard] != values.size()) return name_of(shard) + ": an invented record at the end";
  return {};
}

std::string Oracle::check_lanes(LogHarness& recovered) const {
  const glog::LaneTable& table = recovered.log->sequencer().lanes();
  const auto directory = recovered.log->directory();
  for (const auto& [key, ranges] : lanes_) {
    if (!directory->streams.contains(key.stream)) continue;
    const glog::LaneRange& newest = ranges.back();
    const auto lane = table.find(key);
    if (!lane || lane->last < newest.last()) return "a lane forgot acknowledged records";
    if (table.check(key, 0, newest.first, newest.count, newest.crc).verdict != glog::LaneVerdict::duplicate)
      return "a resent batch is not a duplicate";
    if (table.check(key, 0, newest.first, newest.count, newest.crc + 1).verdict != glog::LaneVerdict::forked)
      return "other content under a used sequence is not forked";
    if (table.check(key, 0, lane->last + 2, 1, 0).verdict != glog::LaneVerdict::gap) return "a gap is accepted";
    std::uint64_t pending_last = newest.last();
    for (const Pending& pending : pending_)
      for (const auto& [other, range] : pending.lanes)
        if (other == key) pending_last = std::max(pending_last, range.last());
    if (lane->last > pending_last) return "a lane claims records that were never sent";
  }
  return {};
}

}  // namespace forebay::test
