#include "gateway/delivery/manifest.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <tuple>

#include "gateway/delivery/objects/member_reader.h"
#include "wire/kinesis/json_text.h"

namespace forebay::gateway::delivery {
namespace {

using wire::kinesis::append_json_string;

constexpr std::uint64_t kFormat = 1;
constexpr int kIndexDigits = 12;  // names rise as numbers do, so a listing is in order

/// Members of one JSON object, in the order they are written.
class MemberWriter {
 public:
  explicit MemberWriter(std::string& out) : out_(out) { out_ += '{'; }
  void text(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(out_, value);
  }
  template <class T>
  void number(std::string_view name, T value) {
    key(name);
    out_ += std::to_string(value);
  }
  /// The value follows by hand.
  void key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }
  void close() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

std::string hex64(std::uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

void write_object(std::string& out, const ManifestEntry::Object& object) {
  MemberWriter members(out);
  members.text("key", object.key);
  members.number("size", object.size);
  members.text("sha256", object.sha256);
  members.number("records", object.records);
  members.text("partition", object.partition);
  members.text("error_type", object.error_type);
  members.close();
}

void write_lane(std::string& out, const ManifestEntry::LaneMark& lane) {
  MemberWriter members(out);
  members.text("root", to_hex(lane.lineage.root));
  members.number("ordinal", lane.lineage.ordinal);
  members.text("nonce", hex64(lane.lineage.nonce));
  members.number("last", lane.last);
  members.close();
}

template <class List, class Write>
void write_list(std::string& out, const List& list, Write write) {
  out += '[';
  bool first = true;
  for (const auto& item : list) {
    if (!first) out += ',';
    first = false;
    write(out, item);
  }
  out += ']';
}

void read_object(MemberReader& in, ManifestEntry::Object& object) {
  in.text("key", object.key);
  in.number("size", object.size);
  in.text("sha256", object.sha256);
  in.number("records", object.records);
  in.text("partition", object.partition);
  in.text("error_type", object.error_type);
}

void read_lane(MemberReader& in, ManifestEntry::LaneMark& lane) {
  in.hex("root", lane.lineage.root);
  in.number("ordinal", lane.lineage.ordinal);
  std::array<std::uint8_t, 8> nonce{};
  in.hex("nonce", nonce);
  for (const std::uint8_t byte : nonce) lane.lineage.nonce = lane.lineage.nonce << 8 | byte;
  in.number("last", lane.last);
}

void read_source(MemberReader& in, SourceShard& source) {
  in.text("account", source.account);
  in.text("region", source.region);
  in.text("delivery", source.delivery);
  in.text("stream", source.stream);
  std::uint64_t number = 0;
  in.number("stream_id", number);
  source.stream_id = stream::StreamId(number);
  std::uint32_t shard = 0;
  in.number("shard", shard);
  source.shard = stream::ShardNumber(shard);
  std::int64_t created = 0;
  in.number("shard_created", created);
  source.shard_created = from_millis(created);
  in.number("timeline", source.timeline);
}

void read_cut(MemberReader& in, Cut& cut) {
  read_source(in, cut.source);
  in.text("replay", cut.replay);
  in.number("index", cut.index);
  in.number("version", cut.version);
  std::int64_t value = 0;
  in.number("first", value);
  cut.first = stream::Offset(value);
  in.number("last", value);
  cut.last = stream::Offset(value);
  in.number("oldest", value);
  cut.oldest = from_millis(value);
}

auto comparable(const SourceShard& s) {
  return std::tie(s.account, s.region, s.delivery, s.stream, s.stream_id, s.shard, s.shard_created, s.timeline);
}

auto comparable(const Cut& c) { return std::tie(c.index, c.version, c.first, c.last, c.oldest, c.replay); }

}  // namespace

bool operator==(const ManifestEntry& a, const ManifestEntry& b) {
  return comparable(a.cut.source) == comparable(b.cut.source) && comparable(a.cut) == comparable(b.cut) &&
         a.objects == b.objects && a.lanes == b.lanes && a.previous == b.previous;
}

std::string manifest_prefix(const SourceShard& source, std::string_view replay) {
  std::string key = "_forebay/manifest/" + source.delivery + "/" + std::to_string(source.stream_id.value()) + "/" +
                    std::to_string(source.shard.value()) + "/" + std::to_string(source.timeline) + "/";
  if (!replay.empty()) key.append(replay) += '/';
  return key;
}

std::string manifest_key(const Cut& cut) {
  std::string index = std::to_string(cut.index);
  if (index.size() < kIndexDigits) index.insert(0, kIndexDigits - index.size(), '0');
  return manifest_prefix(cut.source, cut.replay) + index + ".json";
}

std::string encode(const ManifestEntry& entry) {
  const Cut& cut = entry.cut;
  std::string out;
  MemberWriter members(out);
  members.number("format", kFormat);
  members.text("account", cut.source.account);
  members.text("region", cut.source.region);
  members.text("delivery", cut.source.delivery);
  members.text("stream", cut.source.stream);
  members.number("stream_id", cut.source.stream_id.value());
  members.number("shard", cut.source.shard.value());
  members.number("shard_created", to_millis(cut.source.shard_created));
  members.number("timeline", cut.source.timeline);
  members.text("replay", cut.replay);
  members.number("index", cut.index);
  members.number("version", cut.version);
  members.number("first", cut.first.value());
  members.number("last", cut.last.value());
  members.number("oldest", to_millis(cut.oldest));
  members.key("objects");
  write_list(out, entry.objects, write_object);
  members.key("lanes");
  write_list(out, entry.lanes, write_lane);
  members.text("previous", entry.previous);
  members.close();
  return out += '\n';
}

Result<ManifestEntry> parse_manifest_entry(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  MemberReader in(json, "manifest entry");
  std::uint64_t format = 0;
  in.number("format", format);
  if (in.ok() && format != kFormat)
    return Error{Errc::unsupported, "manifest entry: format " + std::to_string(format) +
                                        " was written by a newer program; update this one"};
  ManifestEntry entry;
  read_cut(in, entry.cut);
  in.list("objects", entry.objects, read_object);
  in.list("lanes", entry.lanes, read_lane);
  in.text("previous", entry.previous);
  FB_CHECK(in.finish());
  if (entry.cut.last < entry.cut.first) return Error{Errc::corrupt, "manifest entry: last lies before first"};
  return entry;
}

}  // namespace forebay::gateway::delivery
