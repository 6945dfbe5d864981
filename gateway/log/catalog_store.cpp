#include "gateway/log/catalog_store.h"

#include <map>

namespace forebay::gateway::log {
namespace {

constexpr std::string_view kTables[] = {
    "CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS streams(id INTEGER PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL, "
    "definition BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS shards(stream INTEGER, shard INTEGER, start_offset INTEGER NOT NULL, "
    "end_offset INTEGER NOT NULL, last_arrival_ms INTEGER NOT NULL, PRIMARY KEY(stream, shard)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS segments(stream INTEGER, shard INTEGER, base INTEGER, row_count INTEGER NOT NULL, "
    "bytes INTEGER NOT NULL, end_offset INTEGER NOT NULL, first_arrival_ms INTEGER NOT NULL, "
    "last_arrival_ms INTEGER NOT NULL, created_ms INTEGER NOT NULL, closed INTEGER NOT NULL, "
    "PRIMARY KEY(stream, shard, base)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS attributes(stream INTEGER, account TEXT, key BLOB, value BLOB NOT NULL, "
    "PRIMARY KEY(stream, account, key)) WITHOUT ROWID",
};

/// Column as a number; zero when it is something else (the caller checks what matters).
std::int64_t number(const DatabaseRow& row, std::size_t column) {
  const auto* value = column < row.size() ? std::get_if<std::int64_t>(&row[column]) : nullptr;
  return value == nullptr ? 0 : *value;
}

DatabaseValue value(std::uint64_t number) { return static_cast<std::int64_t>(number); }
DatabaseValue value(WallTime time) { return to_millis(time); }

CatalogSegment read_segment(const DatabaseRow& row) {
  CatalogSegment segment;
  segment.identity.shard = {StreamId(static_cast<std::uint64_t>(number(row, 0))),
                            ShardNumber(static_cast<std::uint32_t>(number(row, 1)))};
  segment.identity.base = Offset(number(row, 2));
  segment.extent.rows = static_cast<std::uint64_t>(number(row, 3));
  segment.extent.bytes = static_cast<std::uint64_t>(number(row, 4));
  segment.extent.end = Offset(number(row, 5));
  segment.extent.first_arrival = from_millis(number(row, 6));
  segment.extent.last_arrival = from_millis(number(row, 7));
  segment.created = from_millis(number(row, 8));
  segment.closed = number(row, 9) != 0;
  return segment;
}

}  // namespace

Result<CatalogStore> CatalogStore::open(std::unique_ptr<Database> database) {
  CatalogStore store(std::move(database));
  for (const std::string_view table : kTables) FB_CHECK(store.run(table, {}));
  return store;
}

Result<void> CatalogStore::run(std::string_view sql, std::initializer_list<DatabaseValue> parameters) {
  auto rows = database_->run(sql, std::span(parameters.begin(), parameters.size()));
  if (!rows) return std::move(rows).error().with_context("catalogue");
  return {};
}

Result<CatalogState> CatalogStore::load() {
  CatalogState state;
  std::map<std::string, std::uint64_t> meta;
  FB_TRY(const auto meta_rows, database_->run("SELECT key, value FROM meta"));
  for (const DatabaseRow& row : meta_rows)
    if (const auto* key = std::get_if<std::string>(&row[0])) meta[*key] = static_cast<std::uint64_t>(number(row, 1));
  state.is_new = meta.empty();
  if (!state.is_new) state.format = meta["format"];
  if (state.format != kCatalogFormat && state.format != kSealedCatalogFormat)
    return Error{Errc::unsupported,
                 "catalogue of format " + std::to_string(state.format) + ", this gateway knows 1 and 2"};
  state.applied = {meta["journal_file"], meta["journal_position"]};
  if (!state.is_new) {
    state.timeline = meta["timeline"];
    state.next_stream = StreamId(meta["next_stream"]);
  }
  state.lanes_generation = meta["lanes_generation"];
  FB_TRY(const auto streams, database_->run("SELECT definition FROM streams ORDER BY id"));
  for (const DatabaseRow& row : streams) {
    const auto* blob = std::get_if<Buffer>(&row[0]);
    if (blob == nullptr) return Error{Errc::corrupt, "catalogue: a stream has no definition"};
    FB_TRY(auto definition, decode_definition(*blob));
    state.streams.push_back(std::move(definition));
  }
  std::map<ShardId, std::size_t> index;
  FB_TRY(const auto shards, database_->run("SELECT stream, shard, start_offset, end_offset, last_arrival_ms FROM shards"));
  for (const DatabaseRow& row : shards) {
    CatalogShard shard;
    shard.id = {StreamId(static_cast<std::uint64_t>(number(row, 0))),
                ShardNumber(static_cast<std::uint32_t>(number(row, 1)))};
    shard.start = Offset(number(row, 2));
    shard.end = Offset(number(row, 3));
    shard.last_arrival = from_millis(number(row, 4));
    index[shard.id] = state.shards.size();
    state.shards.push_back(std::move(shard));
  }
  FB_TRY(const auto segments,
         database_->run("SELECT stream, shard, base, row_count, bytes, end_offset, first_arrival_ms, last_arrival_ms, "
                        "created_ms, closed FROM segments ORDER BY stream, shard, base"));
  for (const DatabaseRow& row : segments) {
    CatalogSegment segment = read_segment(row);
    const auto found = index.find(segment.identity.shard);
    if (found != index.end()) state.shards[found->second].segments.push_back(segment);
  }
  FB_CHECK(load_attributes(state));
  return state;
}

Result<void> CatalogStore::load_attributes(CatalogState& state) {
  FB_TRY(const auto rows, database_->run("SELECT stream, account, key, value FROM attributes"));
  for (const DatabaseRow& row : rows) {
    const StreamId stream(static_cast<std::uint64_t>(number(row, 0)));
    const auto* account = std::get_if<std::string>(&row[1]);
    const auto* key = std::get_if<Buffer>(&row[2]);
    const auto* value = std::get_if<Buffer>(&row[3]);
    if (account == nullptr || key == nullptr || value == nullptr)
      return Error{Errc::corrupt, "catalogue: an attribute is malformed"};
    Attributes& attributes = account->empty() ? state.attributes[stream] : state.accounts[*account];
    attributes.emplace(as_text(*key), as_text(*value));
  }
  return {};
}

Result<void> CatalogStore::save(StreamId stream, std::string_view account, const Attributes& attributes) {
  FB_CHECK(run("DELETE FROM attributes WHERE stream = ? AND account = ?", {value(stream.value()), std::string(account)}));
  for (const auto& [key, text] : attributes)
    FB_CHECK(run("INSERT INTO attributes(stream, account, key, value) VALUES(?, ?, ?, ?)",
                 {value(stream.value()), std::string(account), to_buffer(as_bytes(key)), to_buffer(as_bytes(text))}));
  return {};
}

Result<void> CatalogStore::save(const StreamDefinition& stream) {
  Buffer blob;
  encode(stream, blob);
  return run("INSERT OR REPLACE INTO streams(id, account, name, definition) VALUES(?, ?, ?, ?)",
             {value(stream.id.value()), stream.account, stream.name, std::move(blob)});
}

Result<void> CatalogStore::remove_stream(StreamId stream) {
  FB_CHECK(run("DELETE FROM streams WHERE id = ?", {value(stream.value())}));
  FB_CHECK(run("DELETE FROM attributes WHERE stream = ?", {value(stream.value())}));
  FB_CHECK(run("DELETE FROM shards WHERE stream = ?", {value(stream.value())}));
  return run("DELETE FROM segments WHERE stream = ?", {value(stream.value())});
}

Result<void> CatalogStore::save(const CatalogShard& shard) {
  return run("INSERT OR REPLACE INTO shards(stream, shard, start_offset, end_offset, last_arrival_ms) VALUES(?, ?, ?, ?, ?)",
             {value(shard.id.stream.value()), value(shard.id.shard.value()), shard.start.value(), shard.end.value(),
              value(shard.last_arrival)});
}

Result<void> CatalogStore::remove_shard(ShardId shard) {
  for (const std::string_view table : {"shards", "segments"})
    FB_CHECK(run("DELETE FROM " + std::string(table) + " WHERE stream = ? AND shard = ?",
                 {value(shard.stream.value()), value(static_cast<std::uint64_t>(shard.shard.value()))}));
  return {};
}

Result<void> CatalogStore::save(const CatalogSegment& segment) {
  const SegmentInfo::Extent& extent = segment.extent;
  return run("INSERT OR REPLACE INTO segments(stream, shard, base, row_count, bytes, end_offset, first_arrival_ms, "
             "last_arrival_ms, created_ms, closed) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
             {value(segment.identity.shard.stream.value()), value(segment.identity.shard.shard.value()),
              segment.identity.base.value(), value(extent.rows), value(extent.bytes), extent.end.value(),
              value(extent.first_arrival), value(extent.last_arrival), value(segment.created),
              value(static_cast<std::uint64_t>(segment.closed))});
}

Result<void> CatalogStore::remove(const SegmentIdentity& segment) {
  return run("DELETE FROM segments WHERE stream = ? AND shard = ? AND base = ?",
             {value(segment.shard.stream.value()), value(segment.shard.shard.value()), segment.base.value()});
}

Result<void> CatalogStore::save_progress(const CatalogState& state) {
  const std::pair<std::string_view, std::uint64_t> rows[] = {
      {"format", state.format},
      {"journal_file", state.applied.file},
      {"journal_position", state.applied.position},
      {"timeline", state.timeline},
      {"next_stream", state.next_stream.value()},
      {"lanes_generation", state.lanes_generation},
  };
  for (const auto& [key, number] : rows)
    FB_CHECK(run("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)", {std::string(key), value(number)}));
  return {};
}

}  // namespace forebay::gateway::log
