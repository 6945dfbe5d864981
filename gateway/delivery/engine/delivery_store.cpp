#include "gateway/delivery/engine/delivery_store.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/lineage.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::int64_t kFormat = 1;

constexpr std::string_view kTables[] = {
    "CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS deliveries(id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, "
    "name TEXT NOT NULL, document TEXT NOT NULL, version INTEGER NOT NULL, created_ms INTEGER NOT NULL, "
    "updated_ms INTEGER NOT NULL, paused INTEGER NOT NULL, from_config INTEGER NOT NULL, UNIQUE(account, name))",
    "CREATE TABLE IF NOT EXISTS lanes(delivery INTEGER, stream INTEGER, shard INTEGER, track TEXT, "
    "timeline INTEGER NOT NULL, first_offset INTEGER NOT NULL, next_offset INTEGER NOT NULL, until_offset INTEGER, "
    "next_index INTEGER NOT NULL, previous TEXT NOT NULL, finished INTEGER NOT NULL, bucket TEXT NOT NULL DEFAULT '', "
    "bucket_first INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(delivery, stream, shard, track)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS cuts(delivery INTEGER, stream INTEGER, shard INTEGER, track TEXT, "
    "cut_index INTEGER NOT NULL, timeline INTEGER NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL, "
    "first_offset INTEGER NOT NULL, last_offset INTEGER NOT NULL, oldest_ms INTEGER NOT NULL, gap TEXT NOT NULL, "
    "PRIMARY KEY(delivery, stream, shard, track)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS replays(delivery INTEGER, id TEXT, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, "
    "bytes_per_second INTEGER NOT NULL, records_total INTEGER NOT NULL, finished INTEGER NOT NULL, "
    "PRIMARY KEY(delivery, id)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS dead_letters(id INTEGER PRIMARY KEY AUTOINCREMENT, delivery INTEGER NOT NULL, "
    "bucket TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS orphans(id INTEGER PRIMARY KEY AUTOINCREMENT, delivery INTEGER NOT NULL, "
    "bucket TEXT NOT NULL, key TEXT NOT NULL, since_ms INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS log_ends(delivery INTEGER, stream INTEGER, shard INTEGER, track TEXT, "
    "end_offset INTEGER NOT NULL, PRIMARY KEY(delivery, stream, shard, track)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS delivered(delivery INTEGER, stream INTEGER, shard INTEGER, track TEXT, lineage BLOB, "
    "last INTEGER NOT NULL, PRIMARY KEY(delivery, stream, shard, track, lineage)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS dead_letters_of ON dead_letters(delivery, id)",
};

/// Column as a number; zero when it is something else.
std::int64_t number(const DatabaseRow& row, std::size_t column) {
  const auto* value = column < row.size() ? std::get_if<std::int64_t>(&row[column]) : nullptr;
  return value == nullptr ? 0 : *value;
}
std::uint64_t unsigned_number(const DatabaseRow& row, std::size_t column) {
  return static_cast<std::uint64_t>(number(row, column));
}
std::string text(const DatabaseRow& row, std::size_t column) {
  const auto* value = column < row.size() ? std::get_if<std::string>(&row[column]) : nullptr;
  return value == nullptr ? std::string() : *value;
}

DatabaseValue value(std::uint64_t number) { return static_cast<std::int64_t>(number); }
DatabaseValue value(bool flag) { return static_cast<std::int64_t>(flag); }
DatabaseValue value(WallTime time) { return to_millis(time); }
DatabaseValue value(stream::Offset offset) { return offset.value(); }
DatabaseValue value(DeliveryId id) { return id.value(); }
DatabaseValue stream_of(const LaneKey& key) { return value(key.stream.value()); }
DatabaseValue shard_of(const LaneKey& key) { return value(static_cast<std::uint64_t>(key.shard.value())); }

/// The first four columns of lanes and cuts.
LaneKey read_key(const DatabaseRow& row) {
  return {DeliveryId(number(row, 0)), stream::StreamId(unsigned_number(row, 1)),
          stream::ShardNumber(static_cast<std::uint32_t>(number(row, 2))), text(row, 3)};
}

DeliveryRow read_delivery(const DatabaseRow& row) {
  DeliveryRow delivery;
  delivery.id = DeliveryId(number(row, 0));
  DeliveryInfo& info = delivery.info;
  info.account = text(row, 1);
  info.name = text(row, 2);
  info.document = text(row, 3);
  info.version = unsigned_number(row, 4);
  info.created = from_millis(number(row, 5));
  info.updated = from_millis(number(row, 6));
  info.paused = number(row, 7) != 0;
  info.from_config = number(row, 8) != 0;
  return delivery;
}

Buffer encoded(const Lineage& lineage) {
  Buffer out;
  ByteWriter writer(out);
  write_lineage(writer, lineage);
  return out;
}

Result<Lineage> read_lineage(const DatabaseRow& row, std::size_t column) {
  const auto* value = column < row.size() ? std::get_if<Buffer>(&row[column]) : nullptr;
  if (value == nullptr || value->size() != kLineageSize)
    return Error{Errc::corrupt, "delivery.db, table delivered: a lineage has no 32 bytes"};
  ByteReader reader(*value);
  return read_lineage(reader);
}

LaneRow read_lane(const DatabaseRow& row) {
  LaneRow lane;
  lane.key = read_key(row);
  lane.timeline = unsigned_number(row, 4);
  lane.first = stream::Offset(number(row, 5));
  lane.next = stream::Offset(number(row, 6));
  if (std::holds_alternative<std::int64_t>(row[7])) lane.until = stream::Offset(number(row, 7));
  lane.next_index = unsigned_number(row, 8);
  lane.previous = text(row, 9);
  lane.finished = number(row, 10) != 0;
  lane.bucket = text(row, 11);
  lane.bucket_first = stream::Offset(number(row, 12));
  return lane;
}

CutRow read_cut(const DatabaseRow& row) {
  CutRow cut;
  cut.key = read_key(row);
  cut.index = unsigned_number(row, 4);
  cut.timeline = unsigned_number(row, 5);
  cut.version = unsigned_number(row, 6);
  cut.document = text(row, 7);
  cut.first = stream::Offset(number(row, 8));
  cut.last = stream::Offset(number(row, 9));
  cut.oldest = from_millis(number(row, 10));
  cut.gap = text(row, 11);
  return cut;
}

ReplayRow read_replay(const DatabaseRow& row) {
  ReplayRow replay;
  replay.delivery = DeliveryId(number(row, 0));
  replay.id = text(row, 1);
  replay.request = {from_millis(number(row, 2)), from_millis(number(row, 3)), unsigned_number(row, 4)};
  replay.records_total = unsigned_number(row, 5);
  replay.finished = number(row, 6) != 0;
  return replay;
}

}  // namespace

Result<std::unique_ptr<DeliveryStore>> DeliveryStore::open(std::unique_ptr<Database> database) {
  std::unique_ptr<DeliveryStore> store(new DeliveryStore(std::move(database)));
  for (const std::string_view table : kTables) FB_CHECK(store->run(table, {}));
  FB_CHECK(store->add_bucket_columns());
  FB_CHECK(store->check_format());
  return store;
}

Result<void> DeliveryStore::check_format() {
  FB_TRY(const auto rows, query("SELECT value FROM meta WHERE key = 'format'", {}));
  if (rows.empty()) return run("INSERT INTO meta(key, value) VALUES('format', ?)", {kFormat});
  if (number(rows.front(), 0) == kFormat) return {};
  return Error{Errc::unsupported,
               "delivery.db has format " + std::to_string(number(rows.front(), 0)) + ", this gateway knows 1"};
}

/// Databases made before lanes knew their bucket; its older rows say with '' that they go on as they are.
Result<void> DeliveryStore::add_bucket_columns() {
  FB_TRY(const auto known, query("SELECT 1 FROM pragma_table_info('lanes') WHERE name = 'bucket'", {}));
  if (!known.empty()) return {};
  return transact([&]() -> Result<void> {
    FB_CHECK(run("ALTER TABLE lanes ADD COLUMN bucket TEXT NOT NULL DEFAULT ''", {}));
    return run("ALTER TABLE lanes ADD COLUMN bucket_first INTEGER NOT NULL DEFAULT 0", {});
  });
}

Result<std::vector<DatabaseRow>> DeliveryStore::query(std::string_view sql,
                                                      std::initializer_list<DatabaseValue> parameters) {
  auto rows = database_->run(sql, std::span(parameters.begin(), parameters.size()));
  if (!rows) return std::move(rows).error().with_context("delivery.db");
  return rows;
}

Result<void> DeliveryStore::run(std::string_view sql, std::initializer_list<DatabaseValue> parameters) {
  FB_CHECK(query(sql, parameters));
  return {};
}

Result<void> DeliveryStore::transact(const std::function<Result<void>()>& changes) {
  const std::scoped_lock lock(mutex_);
  FB_CHECK(database_->begin());
  auto done = changes();
  if (done) done = database_->commit();
  if (done) return {};
  (void)database_->rollback();
  return std::move(done).error().with_context("delivery.db");
}

Result<DeliveryTables> DeliveryStore::load() {
  const std::scoped_lock lock(mutex_);
  DeliveryTables tables;
  FB_TRY(const auto deliveries, query("SELECT id, account, name, document, version, created_ms, updated_ms, paused, "
                                      "from_config FROM deliveries ORDER BY id",
                                      {}));
  for (const DatabaseRow& row : deliveries) tables.deliveries.push_back(read_delivery(row));
  FB_TRY(const auto lanes, query("SELECT delivery, stream, shard, track, timeline, first_offset, next_offset, "
                                 "until_offset, next_index, previous, finished, bucket, bucket_first FROM lanes",
                                 {}));
  for (const DatabaseRow& row : lanes) tables.lanes.push_back(read_lane(row));
  FB_TRY(const auto cuts, query("SELECT delivery, stream, shard, track, cut_index, timeline, version, document, "
                                "first_offset, last_offset, oldest_ms, gap FROM cuts",
                                {}));
  for (const DatabaseRow& row : cuts) tables.cuts.push_back(read_cut(row));
  FB_TRY(const auto replays, query("SELECT delivery, id, from_ms, to_ms, bytes_per_second, records_total, finished "
                                   "FROM replays ORDER BY id",
                                   {}));
  for (const DatabaseRow& row : replays) tables.replays.push_back(read_replay(row));
  FB_TRY(const auto ends, query("SELECT delivery, stream, shard, track, end_offset FROM log_ends", {}));
  for (const DatabaseRow& row : ends) tables.log_ends[read_key(row)] = stream::Offset(number(row, 4));
  FB_TRY(const auto marks, query("SELECT delivery, stream, shard, track, lineage, last FROM delivered", {}));
  for (const DatabaseRow& row : marks) {
    FB_TRY(const Lineage lineage, read_lineage(row, 4));
    tables.delivered[read_key(row)][lineage] = unsigned_number(row, 5);
  }
  return tables;
}

Result<DeliveryId> DeliveryStore::create(const DeliveryInfo& info, std::vector<LaneRow> lanes) {
  DeliveryId id;
  FB_CHECK(transact([&]() -> Result<void> {
    FB_TRY(const auto known,
           query("SELECT id FROM deliveries WHERE account = ? AND name = ?", {info.account, info.name}));
    if (!known.empty()) return Error{Errc::already_exists, "delivery stream " + info.name + " exists"};
    FB_CHECK(
        run("INSERT INTO deliveries(account, name, document, version, created_ms, updated_ms, paused, "
            "from_config) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
            {info.account, info.name, info.document, value(info.version), value(info.created), value(info.updated),
             value(info.paused), value(info.from_config)}));
    FB_TRY(const auto rows, query("SELECT last_insert_rowid()", {}));
    id = DeliveryId(number(rows.at(0), 0));
    for (LaneRow& lane : lanes) {
      lane.key.delivery = id;
      FB_CHECK(put_lane(lane));
    }
    return {};
  }));
  return id;
}

Result<void> DeliveryStore::save(DeliveryId id, const DeliveryInfo& info) {
  return transact([&] {
    return run("UPDATE deliveries SET document = ?, version = ?, updated_ms = ?, paused = ? WHERE id = ?",
               {info.document, value(info.version), value(info.updated), value(info.paused), value(id)});
  });
}

Result<void> DeliveryStore::remove(DeliveryId id) {
  return transact([&]() -> Result<void> {
    for (const std::string table : {"lanes", "cuts", "replays", "dead_letters", "orphans", "log_ends", "delivered"})
      FB_CHECK(run("DELETE FROM " + table + " WHERE delivery = ?", {value(id)}));
    return run("DELETE FROM deliveries WHERE id = ?", {value(id)});
  });
}

Result<void> DeliveryStore::put_lane(const LaneRow& lane) {
  const LaneKey& key = lane.key;
  // A lane that still writes when its delivery stream is removed leaves nothing behind.
  const DatabaseValue until = lane.until ? value(*lane.until) : DatabaseValue();
  return run(
      "INSERT OR REPLACE INTO lanes(delivery, stream, shard, track, timeline, first_offset, next_offset, "
      "until_offset, next_index, previous, finished, bucket, bucket_first) "
      "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? "
      "WHERE EXISTS(SELECT 1 FROM deliveries WHERE id = ?)",
      {value(key.delivery), stream_of(key), shard_of(key), key.track, value(lane.timeline), value(lane.first),
       value(lane.next), until, value(lane.next_index), lane.previous, value(lane.finished), lane.bucket,
       value(lane.bucket_first), value(key.delivery)});
}

Result<void> DeliveryStore::drop_cut(const LaneKey& key) {
  return run("DELETE FROM cuts WHERE delivery = ? AND stream = ? AND shard = ? AND track = ?",
             {value(key.delivery), stream_of(key), shard_of(key), key.track});
}

Result<void> DeliveryStore::save(const std::vector<LaneRow>& lanes) {
  return transact([&]() -> Result<void> {
    for (const LaneRow& lane : lanes) FB_CHECK(put_lane(lane));
    return {};
  });
}

Result<void> DeliveryStore::note_log_ends(const std::map<LaneKey, stream::Offset>& ends) {
  return transact([&]() -> Result<void> {
    for (const auto& [key, end] : ends)
      FB_CHECK(run("INSERT OR IGNORE INTO log_ends(delivery, stream, shard, track, end_offset) VALUES(?, ?, ?, ?, ?)",
                   {value(key.delivery), stream_of(key), shard_of(key), key.track, value(end)}));
    return {};
  });
}

Result<void> DeliveryStore::put_adopted(const AdoptedLane& adopted) {
  const LaneKey& key = adopted.lane.key;
  FB_CHECK(put_lane(adopted.lane));
  if (adopted.drops_cut) FB_CHECK(drop_cut(key));
  for (const auto& [lineage, last] : adopted.delivered)
    FB_CHECK(
        run("INSERT OR REPLACE INTO delivered(delivery, stream, shard, track, lineage, last) "
            "SELECT ?, ?, ?, ?, ?, ? WHERE EXISTS(SELECT 1 FROM deliveries WHERE id = ?)",
            {value(key.delivery), stream_of(key), shard_of(key), key.track, encoded(lineage), value(last),
             value(key.delivery)}));
  return run("DELETE FROM log_ends WHERE delivery = ? AND stream = ? AND shard = ? AND track = ?",
             {value(key.delivery), stream_of(key), shard_of(key), key.track});
}

Result<void> DeliveryStore::adopt(const std::vector<AdoptedLane>& lanes) {
  return transact([&]() -> Result<void> {
    for (const AdoptedLane& adopted : lanes) FB_CHECK(put_adopted(adopted));
    return {};
  });
}

Result<void> DeliveryStore::enter_bucket(const LaneRow& lane, std::optional<stream::Offset> log_end) {
  const LaneKey& key = lane.key;
  return transact([&]() -> Result<void> {
    FB_CHECK(put_lane(lane));
    if (!log_end) return {};
    return run(
        "INSERT OR REPLACE INTO log_ends(delivery, stream, shard, track, end_offset) SELECT ?, ?, ?, ?, ? "
        "WHERE EXISTS(SELECT 1 FROM deliveries WHERE id = ?)",
        {value(key.delivery), stream_of(key), shard_of(key), key.track, value(*log_end), value(key.delivery)});
  });
}

Result<void> DeliveryStore::put_cut(const CutRow& cut) {
  const LaneKey& key = cut.key;
  return run(
      "INSERT OR REPLACE INTO cuts(delivery, stream, shard, track, cut_index, timeline, version, document, "
      "first_offset, last_offset, oldest_ms, gap) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? "
      "WHERE EXISTS(SELECT 1 FROM deliveries WHERE id = ?)",
      {value(key.delivery), stream_of(key), shard_of(key), key.track, value(cut.index), value(cut.timeline),
       value(cut.version), cut.document, value(cut.first), value(cut.last), value(cut.oldest), cut.gap,
       value(key.delivery)});
}

Result<void> DeliveryStore::put_orphans(DeliveryId delivery, const std::string& bucket,
                                        const std::vector<std::string>& keys, WallTime now) {
  for (const std::string& key : keys)
    FB_CHECK(run("INSERT INTO orphans(delivery, bucket, key, since_ms) VALUES(?, ?, ?, ?)",
                 {value(delivery), bucket, key, value(now)}));
  return {};
}

Result<void> DeliveryStore::log_cut(const CutRow& cut) {
  return transact([&] { return put_cut(cut); });
}

Result<void> DeliveryStore::change_cut(const CutRow& cut, const std::string& bucket,
                                       const std::vector<std::string>& keys, WallTime now) {
  return transact([&]() -> Result<void> {
    FB_CHECK(put_orphans(cut.key.delivery, bucket, keys, now));
    return put_cut(cut);
  });
}

Result<void> DeliveryStore::checkpoint(const LaneRow& lane) {
  return transact([&]() -> Result<void> {
    FB_CHECK(put_lane(lane));
    return drop_cut(lane.key);
  });
}

Result<void> DeliveryStore::give_up_cut(const LaneRow& lane, const std::string& bucket,
                                        const std::vector<std::string>& keys, WallTime now) {
  return transact([&]() -> Result<void> {
    FB_CHECK(put_lane(lane));
    FB_CHECK(put_orphans(lane.key.delivery, bucket, keys, now));
    return drop_cut(lane.key);
  });
}

Result<std::vector<OrphanRow>> DeliveryStore::orphans(DeliveryId delivery, WallTime before) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(const auto rows, query("SELECT id, bucket, key FROM orphans WHERE delivery = ? AND since_ms < ? "
                                "ORDER BY id LIMIT 1000",
                                {value(delivery), value(before)}));
  std::vector<OrphanRow> orphans;
  for (const DatabaseRow& row : rows) orphans.push_back({number(row, 0), text(row, 1), text(row, 2)});
  return orphans;
}

Result<void> DeliveryStore::remove_orphan(std::int64_t id) {
  return transact([&] { return run("DELETE FROM orphans WHERE id = ?", {id}); });
}

Result<void> DeliveryStore::remove_lane(const LaneKey& key) {
  return transact([&]() -> Result<void> {
    for (const std::string table : {"lanes", "cuts", "log_ends", "delivered"})
      FB_CHECK(run("DELETE FROM " + table + " WHERE delivery = ? AND stream = ? AND shard = ? AND track = ?",
                   {value(key.delivery), stream_of(key), shard_of(key), key.track}));
    return {};
  });
}

Result<void> DeliveryStore::add_replay(const ReplayRow& replay, const std::vector<LaneRow>& lanes) {
  return transact([&]() -> Result<void> {
    FB_TRY(const auto known, query("SELECT 1 FROM deliveries WHERE id = ?", {value(replay.delivery)}));
    if (known.empty()) return Error{Errc::not_found, "the delivery stream was deleted"};
    FB_CHECK(
        run("INSERT INTO replays(delivery, id, from_ms, to_ms, bytes_per_second, records_total, finished) "
            "VALUES(?, ?, ?, ?, ?, ?, ?)",
            {value(replay.delivery), replay.id, value(replay.request.from), value(replay.request.to),
             value(replay.request.bytes_per_second), value(replay.records_total), value(replay.finished)}));
    for (const LaneRow& lane : lanes) FB_CHECK(put_lane(lane));
    return {};
  });
}

Result<void> DeliveryStore::finish_replay(DeliveryId delivery, const std::string& id) {
  return transact([&]() -> Result<void> {
    FB_CHECK(run("DELETE FROM lanes WHERE delivery = ? AND track = ?", {value(delivery), id}));
    return run("UPDATE replays SET finished = 1 WHERE delivery = ? AND id = ?", {value(delivery), id});
  });
}

Result<void> DeliveryStore::remove_replay(DeliveryId delivery, const std::string& id) {
  return transact([&]() -> Result<void> {
    FB_CHECK(run("DELETE FROM lanes WHERE delivery = ? AND track = ?", {value(delivery), id}));
    FB_CHECK(run("DELETE FROM cuts WHERE delivery = ? AND track = ?", {value(delivery), id}));
    return run("DELETE FROM replays WHERE delivery = ? AND id = ?", {value(delivery), id});
  });
}

Result<void> DeliveryStore::settle(const LaneRow& lane, const std::optional<DeadLetterRow>& dead) {
  return transact([&]() -> Result<void> {
    FB_CHECK(put_lane(lane));
    if (!dead) return {};
    return run(
        "INSERT INTO dead_letters(delivery, bucket, key, body) SELECT ?, ?, ?, ? "
        "WHERE EXISTS(SELECT 1 FROM deliveries WHERE id = ?)",
        {value(lane.key.delivery), dead->bucket, dead->key, dead->body, value(lane.key.delivery)});
  });
}

Result<std::size_t> DeliveryStore::dead_letters_waiting(DeliveryId delivery, const std::string& bucket) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(const auto rows,
         query("SELECT count(*) FROM dead_letters WHERE delivery = ? AND bucket = ?", {value(delivery), bucket}));
  return static_cast<std::size_t>(number(rows.at(0), 0));
}

Result<std::optional<DeadLetterRow>> DeliveryStore::next_dead_letter(DeliveryId delivery,
                                                                     const std::set<std::string>& but_not) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(const auto oldest,
         query("SELECT min(id), bucket FROM dead_letters WHERE delivery = ? GROUP BY bucket ORDER BY 1",
               {value(delivery)}));
  const auto wanted = std::find_if(oldest.begin(), oldest.end(),
                                   [&](const DatabaseRow& row) { return !but_not.contains(text(row, 1)); });
  if (wanted == oldest.end()) return std::optional<DeadLetterRow>();
  FB_TRY(const auto rows, query("SELECT id, bucket, key, body FROM dead_letters WHERE id = ?", {number(*wanted, 0)}));
  if (rows.empty()) return std::optional<DeadLetterRow>();
  const DatabaseRow& row = rows.front();
  DeadLetterRow letter{number(row, 0), delivery, text(row, 1), text(row, 2), {}};
  if (const auto* body = std::get_if<Buffer>(&row[3])) letter.body = *body;
  return std::optional<DeadLetterRow>(std::move(letter));
}

Result<void> DeliveryStore::remove_dead_letter(std::int64_t id) {
  return transact([&] { return run("DELETE FROM dead_letters WHERE id = ?", {id}); });
}

}  // namespace forebay::gateway::delivery
