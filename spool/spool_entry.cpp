#include "spool/spool_entry.h"

#include "base/assert.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/lineage.h"
#include "base/varint.h"

namespace forebay::spool {

namespace {

/// Largest number of items believed before they are read; every item takes at least one byte.
bool plausible(const ByteReader& reader, std::uint64_t count) { return count <= reader.remaining(); }

void write_text(Buffer& out, std::string_view text) {
  FB_ASSERT(text.size() <= kNameBytesMax);
  write_uvarint(out, text.size());
  append(out, as_bytes(text));
}

void write_bytes(Buffer& out, ByteView bytes) {
  write_uvarint(out, bytes.size());
  append(out, bytes);
}

std::string_view read_text(ByteReader& reader) { return reader.text(read_uvarint(reader)); }

Buffer read_bytes(ByteReader& reader) { return to_buffer(reader.bytes(read_uvarint(reader))); }

void write_lane(Buffer& out, const LaneId& lane) {
  ByteWriter writer(out);
  write_lineage(writer, lane.lineage);
  write_text(out, lane.stream);
}

LaneId read_lane(ByteReader& reader) {
  LaneId lane;
  lane.lineage = read_lineage(reader);
  lane.stream = read_text(reader);
  return lane;
}

/// Without the lane.
void write_seal(Buffer& out, const Seal& seal) {
  write_uvarint(out, seal.first);
  write_uvarint(out, seal.count);
  ByteWriter writer(out);
  writer.u8(seal.codec);
  writer.u32_le(seal.records_crc);
  write_uvarint(out, seal.map_version);
  write_uvarint(out, seal.shard_ranges.size());
  for (const HashKeyRange& range : seal.shard_ranges) {
    for (const std::uint64_t word : {range.start.low, range.start.high, range.end.low, range.end.high}) {
      writer.u64_le(word);
    }
  }
}

Seal read_seal(ByteReader& reader) {
  Seal seal;
  seal.first = read_uvarint(reader);
  seal.count = read_uvarint(reader);
  seal.codec = reader.u8();
  seal.records_crc = reader.u32_le();
  seal.map_version = read_uvarint(reader);
  const std::uint64_t ranges = read_uvarint(reader);
  if (!plausible(reader, ranges)) reader.fail();
  for (std::uint64_t i = 0; i < ranges && reader.ok(); ++i) {
    HashKeyRange range;
    for (std::uint64_t* word : {&range.start.low, &range.start.high, &range.end.low, &range.end.high}) {
      *word = reader.u64_le();
    }
    seal.shard_ranges.push_back(range);
  }
  return seal;
}

void write_lane_state(Buffer& out, const LaneState& lane) {
  for (const std::uint64_t number : {lane.last, lane.bytes, lane.acked, lane.incarnation}) write_uvarint(out, number);
  write_uvarint(out, lane.gaps.ranges().size());
  for (const SequenceRange& gap : lane.gaps.ranges()) {
    write_uvarint(out, gap.from);
    write_uvarint(out, gap.to);
  }
  write_uvarint(out, lane.gap_records.size());
  for (const auto& [sequence, gap] : lane.gap_records) {
    write_uvarint(out, sequence);
    write_uvarint(out, gap.count);
  }
  write_uvarint(out, lane.seals.size());
  for (const auto& [first, seal] : lane.seals) write_seal(out, seal);
}

SequenceRange read_range(ByteReader& reader) {
  const std::uint64_t from = read_uvarint(reader);
  return {from, from + read_uvarint(reader) - 1};
}

/// Calls `item` for each of a counted list.
template <class Item>
void read_list(ByteReader& reader, Item item) {
  const std::uint64_t count = read_uvarint(reader);
  if (!plausible(reader, count)) reader.fail();
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) item();
}

LaneState read_lane_state(ByteReader& reader) {
  LaneState lane;
  for (std::uint64_t* number : {&lane.last, &lane.bytes, &lane.acked, &lane.incarnation})
    *number = read_uvarint(reader);
  read_list(reader, [&] {
    const std::uint64_t from = read_uvarint(reader);
    lane.gaps.add({from, read_uvarint(reader)});
  });
  read_list(reader, [&] {
    const std::uint64_t sequence = read_uvarint(reader);
    lane.gap_records[sequence].count = read_uvarint(reader);
  });
  read_list(reader, [&] { lane.add_seal(read_seal(reader)); });
  return lane;
}

template <class T>
Result<T> finish(const ByteReader& reader, T value, std::string_view what) {
  if (reader.ok() && reader.at_end()) return value;
  return Error{Errc::corrupt, "spool entry `" + std::string(what) + "` does not decode"};
}

}  // namespace

Buffer encode_records_prefix(const RecordsEntry& entry) {
  Buffer out;
  write_text(out, entry.stream);
  write_uvarint(out, entry.first);
  write_uvarint(out, entry.count);
  write_text(out, entry.source);
  write_bytes(out, entry.position);
  write_uvarint(out, entry.lost);
  return out;
}

Result<RecordsEntry> parse_records(ByteView content) {
  ByteReader reader(content);
  RecordsEntry entry;
  entry.stream = read_text(reader);
  entry.first = read_uvarint(reader);
  entry.count = static_cast<std::uint32_t>(read_uvarint(reader));
  entry.source = read_text(reader);
  entry.position = reader.bytes(read_uvarint(reader));
  entry.lost = read_uvarint(reader);
  entry.records = reader.rest();
  return finish(reader, entry, "records");
}

Buffer encode(const Seal& seal) {
  Buffer out;
  write_lane(out, seal.lane);
  write_seal(out, seal);
  return out;
}

Result<Seal> parse_seal(ByteView content) {
  ByteReader reader(content);
  LaneId lane = read_lane(reader);
  Seal seal = read_seal(reader);
  seal.lane = std::move(lane);
  return finish(reader, std::move(seal), "seal");
}

Buffer encode(const AcknowledgedEntry& entry) {
  Buffer out;
  write_lane(out, entry.lane);
  write_uvarint(out, entry.through);
  write_uvarint(out, entry.incarnation);
  return out;
}

Result<AcknowledgedEntry> parse_acknowledged(ByteView content) {
  ByteReader reader(content);
  AcknowledgedEntry entry;
  entry.lane = read_lane(reader);
  entry.through = read_uvarint(reader);
  entry.incarnation = read_uvarint(reader);
  return finish(reader, std::move(entry), "acknowledged");
}

Buffer encode(const GapEntry& entry) {
  Buffer out;
  write_lane(out, entry.lane);
  write_uvarint(out, entry.range.from);
  write_uvarint(out, entry.range.to);
  return out;
}

Result<GapEntry> parse_gap(ByteView content) {
  ByteReader reader(content);
  GapEntry entry;
  entry.lane = read_lane(reader);
  entry.range.from = read_uvarint(reader);
  entry.range.to = read_uvarint(reader);
  return finish(reader, std::move(entry), "gap");
}

Buffer encode(const RefusedKey& declared) {
  Buffer out;
  write_text(out, declared.stream);
  write_text(out, declared.source);
  return out;
}

Buffer encode(const RefusedEntry& entry) {
  Buffer out = encode(entry.key);
  write_uvarint(out, entry.records);
  write_bytes(out, entry.position);
  return out;
}

static RefusedKey read_refused_key(ByteReader& reader) {
  RefusedKey key;
  key.stream = read_text(reader);
  key.source = read_text(reader);
  return key;
}

Result<RefusedEntry> parse_refused(ByteView content) {
  ByteReader reader(content);
  RefusedEntry entry;
  entry.key = read_refused_key(reader);
  entry.records = read_uvarint(reader);
  entry.position = read_bytes(reader);
  return finish(reader, std::move(entry), "refused");
}

Result<RefusedKey> parse_refusal_declared(ByteView content) {
  ByteReader reader(content);
  RefusedKey key = read_refused_key(reader);
  return finish(reader, std::move(key), "refusal_declared");
}

Buffer encode(const UnfinishedEntry& entry) {
  Buffer out;
  write_text(out, entry.stream);
  write_uvarint(out, entry.range.from);
  write_uvarint(out, entry.range.count());
  return out;
}

Result<UnfinishedEntry> parse_unfinished(ByteView content) {
  ByteReader reader(content);
  UnfinishedEntry entry;
  entry.stream = read_text(reader);
  entry.range = read_range(reader);
  return finish(reader, std::move(entry), "unfinished");
}

Buffer encode_forget_source(const std::string& source) {
  Buffer out;
  write_text(out, source);
  return out;
}

Result<std::string> parse_forget_source(ByteView content) {
  ByteReader reader(content);
  std::string source(read_text(reader));
  return finish(reader, std::move(source), "forget_source");
}

/// Lanes by their place in the head's own list, from 1; 0: not in it.
class LaneNumbers {
 public:
  explicit LaneNumbers(const std::map<LaneId, LaneState>& lanes) {
    for (const auto& [id, lane] : lanes) numbers_.emplace(id, numbers_.size() + 1);
  }
  [[nodiscard]] std::uint64_t of(const LaneId& id) const {
    const auto number = numbers_.find(id);
    return number == numbers_.end() ? 0 : number->second;
  }

 private:
  std::map<LaneId, std::uint64_t> numbers_;
};

/// A part of a lane that was forgotten is forgotten with it.
static void write_rows(Buffer& out, const LaneNumbers& numbers, const std::vector<FileRow>& rows) {
  write_uvarint(out, rows.size());
  for (const FileRow& row : rows) {
    write_uvarint(out, row.file);
    write_uvarint(out, row.parts.size());
    for (const auto& [id, part] : row.parts) {
      write_uvarint(out, numbers.of(id));
      for (const std::uint64_t value : {part.range.from, part.range.count(), part.bytes}) write_uvarint(out, value);
    }
  }
}

static std::vector<FileRow> read_rows(ByteReader& reader, const std::vector<LaneId>& ids) {
  std::vector<FileRow> rows;
  read_list(reader, [&] {
    FileRow row;
    row.file = read_uvarint(reader);
    read_list(reader, [&] {
      const std::uint64_t number = read_uvarint(reader);
      LanePart part;
      part.range = read_range(reader);
      part.bytes = read_uvarint(reader);
      part.source = std::string();
      if (number > ids.size()) reader.fail();
      if (reader.ok() && number != 0) row.parts[ids[number - 1]] = part;
    });
    rows.push_back(std::move(row));
  });
  return rows;
}

/// What gap records declare, in their own words; their sequences stand in the lanes.
static void write_gap_texts(Buffer& out, const LaneNumbers& numbers, const std::map<LaneId, LaneState>& lanes) {
  std::uint64_t count = 0;
  for (const auto& [id, lane] : lanes) count += lane.gap_records.size();
  write_uvarint(out, count);
  for (const auto& [id, lane] : lanes) {
    for (const auto& [sequence, gap] : lane.gap_records) {
      write_uvarint(out, numbers.of(id));
      write_uvarint(out, sequence);
      write_bytes(out, as_bytes(to_json(gap)));
    }
  }
}

static void read_gap_texts(ByteReader& reader, const std::vector<LaneId>& ids, std::map<LaneId, LaneState>& lanes) {
  read_list(reader, [&] {
    const std::uint64_t number = read_uvarint(reader);
    const std::uint64_t sequence = read_uvarint(reader);
    auto gap = parse_gap_record(read_text(reader));
    if (number == 0 || number > ids.size()) return reader.fail();
    // Words this program does not know leave the count.
    if (gap) lanes[ids[number - 1]].gap_records[sequence] = *std::move(gap);
  });
}

static void write_part_sources(Buffer& out, const LaneNumbers& numbers, const std::vector<FileRow>& rows) {
  std::uint64_t count = 0;
  for (const FileRow& row : rows) count += row.parts.size();
  write_uvarint(out, count);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const auto& [id, part] : rows[i].parts) {
      write_uvarint(out, i);
      write_uvarint(out, numbers.of(id));
      write_uvarint(out, part.source ? 1 : 0);
      write_text(out, part.source.value_or(std::string()));
    }
  }
}

static void read_part_sources(ByteReader& reader, const std::vector<LaneId>& ids, std::vector<FileRow>& rows) {
  read_list(reader, [&] {
    const std::uint64_t row = read_uvarint(reader);
    const std::uint64_t number = read_uvarint(reader);
    const bool known = read_uvarint(reader) != 0;
    std::string source(read_text(reader));
    if (row >= rows.size() || number > ids.size()) return reader.fail();
    if (number == 0) return;
    const auto part = rows[row].parts.find(ids[number - 1]);
    if (part == rows[row].parts.end()) return;
    if (known)
      part->second.source = std::move(source);
    else
      part->second.source.reset();
  });
}

static void write_unfinished(Buffer& out, const std::optional<UnfinishedAppend>& unfinished) {
  write_uvarint(out, unfinished ? unfinished->ranges.ranges().size() : 0);
  if (!unfinished) return;
  for (const SequenceRange& range : unfinished->ranges.ranges()) {
    write_lane(out, unfinished->lane);
    write_uvarint(out, range.from);
    write_uvarint(out, range.count());
  }
}

static std::optional<UnfinishedAppend> read_unfinished(ByteReader& reader) {
  std::optional<UnfinishedAppend> unfinished;
  read_list(reader, [&] {
    LaneId lane = read_lane(reader);
    const SequenceRange range = read_range(reader);
    if (!unfinished) unfinished = UnfinishedAppend{std::move(lane), {}};
    unfinished->ranges.add(range);
  });
  return unfinished;
}

Buffer encode_head(const std::map<LaneId, LaneState>& lanes, const std::map<std::string, Buffer>& sources,
                   const std::map<RefusedKey, std::uint64_t>& refused, const std::vector<FileRow>& rows,
                   const std::optional<UnfinishedAppend>& unfinished) {
  Buffer out;
  write_uvarint(out, lanes.size());
  for (const auto& [id, lane] : lanes) {
    write_lane(out, id);
    write_lane_state(out, lane);
  }
  write_uvarint(out, sources.size());
  for (const auto& [source, position] : sources) {
    write_text(out, source);
    write_bytes(out, position);
  }
  write_uvarint(out, refused.size());
  for (const auto& [key, records] : refused) {
    append(out, encode(key));
    write_uvarint(out, records);
  }
  const LaneNumbers numbers(lanes);
  write_rows(out, numbers, rows);
  write_gap_texts(out, numbers, lanes);
  write_part_sources(out, numbers, rows);
  write_unfinished(out, unfinished);
  return out;
}

Result<HeadEntry> parse_head(ByteView content) {
  ByteReader reader(content);
  HeadEntry head;
  read_list(reader, [&] {
    LaneId id = read_lane(reader);
    head.lanes[std::move(id)] = read_lane_state(reader);
  });
  read_list(reader, [&] {
    std::string source(read_text(reader));
    head.sources[std::move(source)] = read_bytes(reader);
  });
  read_list(reader, [&] {
    RefusedKey key = read_refused_key(reader);
    head.refused[std::move(key)] = read_uvarint(reader);
  });
  std::vector<LaneId> ids;
  for (const auto& [id, lane] : head.lanes) ids.push_back(id);
  head.rows = read_rows(reader, ids);
  if (reader.at_end()) return finish(reader, std::move(head), "head");  // of a program that did not keep the rest
  read_gap_texts(reader, ids, head.lanes);
  read_part_sources(reader, ids, head.rows);
  head.unfinished = read_unfinished(reader);
  return finish(reader, std::move(head), "head");
}

}  // namespace forebay::spool
