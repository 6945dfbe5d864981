#include "wire/manifest/entry.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/hex.h"

namespace forebay::wire::manifest {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kNonceDigits = 16;
constexpr std::size_t kShaDigits = 64;

Error bad(const std::string& place, const char* what) {
  return Error{Errc::corrupt, "manifest entry: " + place + " " + what};
}

/// Reads members of one JSON object; `place` is what its members are called in errors, with a final dot.
class Members {
 public:
  Members(const Json& object, std::string place) : object_(object), place_(std::move(place)) {}

  Result<std::string> text(const char* name) const {
    const auto found = object_.find(name);
    if (found == object_.end() || !found->is_string()) return bad(place_ + name, "is missing or no string");
    return found->get<std::string>();
  }
  Result<std::uint64_t> number(const char* name, std::uint64_t max = std::numeric_limits<std::uint64_t>::max()) const {
    const auto found = object_.find(name);
    if (found == object_.end() || !found->is_number_unsigned())
      return bad(place_ + name, "is missing or no number from 0");
    const auto value = found->get<std::uint64_t>();
    if (value > max) return bad(place_ + name, "is too large");
    return value;
  }
  Result<std::int64_t> signed_number(const char* name) const {
    FB_TRY(const std::uint64_t value, number(name, std::numeric_limits<std::int64_t>::max()));
    return static_cast<std::int64_t>(value);
  }
  Result<WallTime> time(const char* name) const {
    FB_TRY(const std::int64_t value, signed_number(name));
    return from_millis(value);
  }
  Result<std::string> sha256(const char* name) const {
    FB_TRY(std::string value, text(name));
    if (value.size() != kShaDigits || !from_hex(value)) return bad(place_ + name, "is no SHA-256 in hex");
    return value;
  }
  Result<const Json*> list(const char* name) const {
    const auto found = object_.find(name);
    if (found == object_.end() || !found->is_array()) return bad(place_ + name, "is missing or no list");
    return &*found;
  }

 private:
  const Json& object_;
  std::string place_;
};

Result<Object> object_of(const Json& json, std::size_t index) {
  const std::string place = "objects[" + std::to_string(index) + "]";
  if (!json.is_object()) return bad(place, "is no object");
  const Members members(json, place + ".");
  Object out;
  FB_TRY(out.key, members.text("key"));
  FB_TRY(out.size, members.number("size"));
  FB_TRY(out.sha256, members.sha256("sha256"));
  FB_TRY(out.records, members.number("records"));
  FB_TRY(out.partition, members.text("partition"));
  FB_TRY(out.error_type, members.text("error_type"));
  if (out.key.empty()) return bad(place + ".key", "is empty");
  return out;
}

Result<LaneMark> lane_of(const Json& json, std::size_t index) {
  const std::string place = "lanes[" + std::to_string(index) + "]";
  if (!json.is_object()) return bad(place, "is no object");
  const Members members(json, place + ".");
  LaneMark out;
  FB_TRY(const std::string root, members.text("root"));
  const auto bytes = from_hex(root);
  if (!bytes || bytes->size() != out.lineage.root.size()) return bad(place + ".root", "is not 32 hex digits");
  std::copy(bytes->begin(), bytes->end(), out.lineage.root.begin());
  FB_TRY(out.lineage.ordinal, members.number("ordinal"));
  FB_TRY(const std::string nonce, members.text("nonce"));
  const auto [end, error] = std::from_chars(nonce.data(), nonce.data() + nonce.size(), out.lineage.nonce, 16);
  if (nonce.size() != kNonceDigits || error != std::errc{} || end != nonce.data() + nonce.size())
    return bad(place + ".nonce", "is not 16 hex digits");
  FB_TRY(out.last, members.number("last"));
  return out;
}

Result<void> read_head(const Members& members, Entry& out) {
  constexpr std::uint64_t kShardMax = std::numeric_limits<std::uint32_t>::max();
  FB_TRY(out.account, members.text("account"));
  FB_TRY(out.region, members.text("region"));
  FB_TRY(out.delivery, members.text("delivery"));
  FB_TRY(out.stream, members.text("stream"));
  FB_TRY(out.stream_id, members.number("stream_id"));
  FB_TRY(const std::uint64_t shard, members.number("shard", kShardMax));
  out.shard = static_cast<std::uint32_t>(shard);
  FB_TRY(out.shard_created, members.time("shard_created_ms"));
  FB_TRY(out.timeline, members.number("timeline"));
  FB_TRY(out.replay, members.text("replay"));
  FB_TRY(out.index, members.number("index"));
  FB_TRY(out.version, members.number("version"));
  FB_TRY(out.first, members.signed_number("first"));
  FB_TRY(out.last, members.signed_number("last"));
  FB_TRY(out.oldest, members.time("oldest_ms"));
  if (out.last < out.first) return bad("last", "lies before first");
  return {};
}

Json object_json(const Object& object) {
  return Json{{"key", object.key},         {"size", object.size},           {"sha256", object.sha256},
              {"records", object.records}, {"partition", object.partition}, {"error_type", object.error_type}};
}

Json lane_json(const LaneMark& lane) {
  return Json{{"root", to_hex(lane.lineage.root)},
              {"ordinal", lane.lineage.ordinal},
              {"nonce", hex_number(lane.lineage.nonce)},
              {"last", lane.last}};
}

}  // namespace

std::string encode(const Entry& entry) {
  Json out{{"format", kFormat},
           {"account", entry.account},
           {"region", entry.region},
           {"delivery", entry.delivery},
           {"stream", entry.stream},
           {"stream_id", entry.stream_id},
           {"shard", entry.shard},
           {"shard_created_ms", static_cast<std::uint64_t>(to_millis(entry.shard_created))},
           {"timeline", entry.timeline},
           {"replay", entry.replay},
           {"index", entry.index},
           {"version", entry.version},
           {"first", static_cast<std::uint64_t>(entry.first)},
           {"last", static_cast<std::uint64_t>(entry.last)},
           {"oldest_ms", static_cast<std::uint64_t>(to_millis(entry.oldest))},
           {"objects", Json::array()},
           {"lanes", Json::array()},
           {"previous", entry.previous}};
  for (const Object& object : entry.objects) out["objects"].push_back(object_json(object));
  for (const LaneMark& lane : entry.lanes) out["lanes"].push_back(lane_json(lane));
  if (entry.begins) out["begins"] = true;
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Entry> parse_entry(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return Error{Errc::corrupt, "manifest entry: the text is no JSON object"};
  const Members members(json, "");
  FB_TRY(const std::string format, members.text("format"));
  if (format != kFormat)
    return Error{Errc::unsupported, "manifest entry: format \"" + format + "\" is not " + std::string(kFormat) +
                                        ", the only one this version reads"};
  Entry out;
  FB_CHECK(read_head(members, out));
  FB_TRY(const Json* const objects, members.list("objects"));
  for (std::size_t i = 0; i < objects->size(); ++i) {
    FB_TRY(Object object, object_of((*objects)[i], i));
    out.objects.push_back(std::move(object));
  }
  FB_TRY(const Json* const lanes, members.list("lanes"));
  for (std::size_t i = 0; i < lanes->size(); ++i) {
    FB_TRY(const LaneMark lane, lane_of((*lanes)[i], i));
    out.lanes.push_back(lane);
  }
  FB_TRY(out.previous, members.text("previous"));
  if (!out.previous.empty() && (out.previous.size() != kShaDigits || !from_hex(out.previous)))
    return bad("previous", "is no SHA-256 in hex");
  if (json.contains("begins")) {
    if (!json["begins"].is_boolean()) return bad("begins", "is no boolean");
    out.begins = json["begins"].get<bool>();
  }
  return out;
}

}  // namespace forebay::wire::manifest
