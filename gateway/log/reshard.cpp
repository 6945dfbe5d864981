#include "gateway/log/reshard.h"

#include <algorithm>
#include <chrono>

namespace forebay::gateway::log {
namespace {

/// A copy of the map in which splits and merges happen one after the other; its difference to the original is the change.
class MapEditor {
 public:
  MapEditor(const StreamDefinition& definition, WallTime now) : shards_(definition.shards), now_(now) {
    change_.stream = definition.id;
    change_.map_version = definition.map_version + 1;
    known_ = shards_.size();
  }

  /// Result  number of the lower child; the upper one's is one more.
  Result<ShardNumber> split(ShardNumber number, HashKey new_start) {
    FB_TRY(const std::size_t parent, open(number));
    const HashKeyRange range = shards_[parent].range;
    if (new_start <= range.start || new_start > range.end)
      return Error{Errc::invalid_argument, "hash key " + to_decimal(new_start) + " lies not inside shard " + name(number)};
    const ShardNumber lower = add(parent, {}, {range.start, new_start.previous()});
    add(parent, {}, {new_start, range.end});
    close(parent);
    return lower;
  }

  /// Result  number of the child.
  Result<ShardNumber> merge(ShardNumber lower_number, ShardNumber upper_number) {
    FB_TRY(const std::size_t lower, open(lower_number));
    FB_TRY(const std::size_t upper, open(upper_number));
    const HashKeyRange range{shards_[lower].range.start, shards_[upper].range.end};
    if (shards_[lower].range.end == HashKey::max() || shards_[lower].range.end.next() != shards_[upper].range.start)
      return Error{Errc::invalid_argument,
                   "shards " + name(lower_number) + " and " + name(upper_number) + " are no neighbours in this order"};
    const ShardNumber child = add(lower, upper, range);
    close(lower);
    close(upper);
    return child;
  }

  [[nodiscard]] const ShardDefinition& shard(ShardNumber number) const { return shards_[index_of(number)]; }

  ShardsChange finish() {
    for (std::size_t i = known_; i < shards_.size(); ++i) change_.created.push_back(shards_[i]);
    return std::move(change_);
  }

 private:
  static std::string name(ShardNumber number) { return std::to_string(number.value()); }

  [[nodiscard]] std::size_t index_of(ShardNumber number) const {
    const auto found =
        std::lower_bound(shards_.begin(), shards_.end(), number,
                         [](const ShardDefinition& shard, ShardNumber wanted) { return shard.number < wanted; });
    return found == shards_.end() || found->number != number ? shards_.size()
                                                             : static_cast<std::size_t>(found - shards_.begin());
  }

  Result<std::size_t> open(ShardNumber number) const {
    const std::size_t index = index_of(number);
    if (index == shards_.size()) return Error{Errc::not_found, "the stream has no shard " + name(number)};
    if (shards_[index].closed)
      return Error{Errc::conflict, "shard " + name(number) + " has already been merged or split"};
    return index;
  }

  ShardNumber add(std::size_t parent, std::optional<std::size_t> adjacent, const HashKeyRange& range) {
    ShardDefinition child;
    child.number = ShardNumber(shards_.back().number.value() + 1);
    child.parent = shards_[parent].number;
    child.range = range;
    child.created = creation_after(shards_[parent]);
    if (adjacent) {
      child.adjacent_parent = shards_[*adjacent].number;
      child.created = std::max(child.created, creation_after(shards_[*adjacent]));
    }
    shards_.push_back(child);
    return child.number;
  }

  /// A whole second later than the parent's end and than its creation: sequence numbers count seconds.
  [[nodiscard]] WallTime creation_after(const ShardDefinition& parent) const {
    const WallTime latest = std::max(now_, parent.created);
    return std::chrono::floor<std::chrono::seconds>(latest) + std::chrono::seconds(1);
  }

  void close(std::size_t index) {
    shards_[index].closed = now_;
    if (index < known_) change_.closed.push_back({shards_[index].number, now_, Offset()});
  }

  std::vector<ShardDefinition> shards_;
  WallTime now_;
  std::size_t known_ = 0;
  ShardsChange change_;
};

/// Splits `shard` at all of `keys` (rising, inside it), the middle one first. Result  the parts by hash key.
Result<void> split_at(MapEditor& map, ShardNumber shard, std::span<const HashKey> keys, std::vector<ShardNumber>& parts) {
  if (keys.empty()) {
    parts.push_back(shard);
    return {};
  }
  const std::size_t middle = keys.size() / 2;
  FB_TRY(const ShardNumber lower, map.split(shard, keys[middle]));
  FB_CHECK(split_at(map, lower, keys.first(middle), parts));
  return split_at(map, ShardNumber(lower.value() + 1), keys.subspan(middle + 1), parts);
}

/// Merges neighbours pair by pair until one shard is left.
Result<void> merge_all(MapEditor& map, std::vector<ShardNumber> parts) {
  while (parts.size() > 1) {
    std::vector<ShardNumber> next;
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
      FB_TRY(const ShardNumber child, map.merge(parts[i], parts[i + 1]));
      next.push_back(child);
    }
    if (parts.size() % 2 != 0) next.push_back(parts.back());
    parts = std::move(next);
  }
  return {};
}

/// First all boundaries of the wanted shards that are missing, then away with those that are too many.
Result<void> scale(MapEditor& map, const std::vector<const ShardDefinition*>& open, std::uint32_t count) {
  if (count == 0) return Error{Errc::invalid_argument, "a stream has at least one shard"};
  const std::vector<HashKeyRange> wanted = equal_ranges(count);
  std::vector<ShardNumber> parts;
  for (const ShardDefinition* shard : open) {
    std::vector<HashKey> keys;
    const auto after = std::upper_bound(wanted.begin(), wanted.end(), shard->range.start,
                                        [](HashKey key, const HashKeyRange& range) { return key < range.start; });
    for (auto range = after; range != wanted.end() && range->start <= shard->range.end; ++range)
      keys.push_back(range->start);
    FB_CHECK(split_at(map, shard->number, keys, parts));
  }
  auto part = parts.begin();
  for (const HashKeyRange& range : wanted) {
    std::vector<ShardNumber> inside;
    for (; part != parts.end() && range.contains(map.shard(*part).range.start); ++part) inside.push_back(*part);
    FB_CHECK(merge_all(map, std::move(inside)));
  }
  return {};
}

Result<void> run(MapEditor& map, const StreamDefinition& definition, const Reshard& wish) {
  if (const auto* split = std::get_if<SplitShard>(&wish)) {
    FB_TRY(const ShardNumber lower, map.split(split->shard, split->new_start));
    (void)lower;
    return {};
  }
  if (const auto* merge = std::get_if<MergeShards>(&wish)) {
    FB_TRY(const ShardNumber child, map.merge(merge->lower, merge->upper));
    (void)child;
    return {};
  }
  return scale(map, open_shards(definition), std::get<ScaleShards>(wish).count);
}

}  // namespace

std::vector<const ShardDefinition*> open_shards(const StreamDefinition& definition) {
  std::vector<const ShardDefinition*> open;
  for (const ShardDefinition& shard : definition.shards)
    if (!shard.closed) open.push_back(&shard);
  std::sort(open.begin(), open.end(), [](const auto* a, const auto* b) { return a->range.start < b->range.start; });
  return open;
}

Result<ShardsChange> plan_reshard(const StreamDefinition& definition, const Reshard& wish, WallTime now) {
  MapEditor map(definition, now);
  FB_CHECK(run(map, definition, wish));
  return map.finish();
}

}  // namespace forebay::gateway::log
