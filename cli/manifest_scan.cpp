#include "cli/manifest_scan.h"

#include "base/digest.h"
#include "base/hex.h"
#include "cli/text.h"

namespace forebay::cli {
namespace {

using wire::manifest::Entry;
using wire::manifest::EntryPlace;
using wire::manifest::Lane;

constexpr std::uint64_t kEntryBytesMax = 16u << 20;  // as the gateway's reader takes

std::string quoted(const std::string& text) { return text.empty() ? "nothing" : text; }

/// What the entry says of itself against its name.
void check_identity(ManifestStep& step) {
  const Entry& entry = *step.entry;
  const Lane says{entry.delivery, entry.stream_id, entry.shard, entry.timeline, entry.replay};
  if (says != step.lane) step.problems.push_back("its text is of another lane: " + lane_text(says));
  if (entry.index != step.index) step.problems.push_back("its text has index " + std::to_string(entry.index));
}

}  // namespace

std::string lane_text(const Lane& lane) {
  std::string out = printable(lane.delivery) + " shard " + std::to_string(lane.shard) + " of stream " +
                    std::to_string(lane.stream_id) + ", timeline " + std::to_string(lane.timeline);
  if (!lane.replay.empty()) out += ", replay " + printable(lane.replay);
  return out;
}

std::string object_problem(const wire::manifest::Object& listed, ByteView body) {
  if (body.size() != listed.size)
    return "has " + with_commas(body.size()) + " bytes, the manifest lists " + with_commas(listed.size);
  if (to_hex(sha256(body)) != listed.sha256) return "has other bytes than the manifest lists";
  return {};
}

bool ManifestScan::wants(const Lane& lane) const {
  if (!filter_.delivery.empty() && lane.delivery != filter_.delivery) return false;
  if (filter_.shard && lane.shard != *filter_.shard) return false;
  return !filter_.replay || lane.replay == *filter_.replay;
}

void ManifestScan::check(ManifestStep& step, const LaneEnd& end) {
  if (step.index != end.next)
    step.problems.push_back("entries " + std::to_string(end.next) + " to " + std::to_string(step.index - 1) +
                            " before it are missing");
  if (!step.entry) return;
  check_identity(step);
  const Entry& entry = *step.entry;
  if (step.index == end.next && end.known && entry.previous != end.previous)
    step.problems.push_back("does not follow the entry before: previous is " + quoted(printable(entry.previous)) +
                            ", the bytes before have " + quoted(end.previous));
  if (!end.last) return;
  if (entry.first > *end.last + 1 && step.index == end.next && !entry.begins)
    step.problems.push_back("offsets " + std::to_string(*end.last + 1) + " to " + std::to_string(entry.first - 1) +
                            " are in no entry");
  if (entry.first <= *end.last)
    step.problems.push_back("offsets " + std::to_string(entry.first) + " to " +
                            std::to_string(std::min(*end.last, entry.last)) + " are in an entry before it, too");
}

Result<ManifestStep> ManifestScan::read(const std::string& key, const EntryPlace& place) {
  ManifestStep step;
  step.lane = place.lane;
  step.index = place.index;
  LaneEnd& end = lanes_[place.lane];
  FB_TRY(const auto bytes, bucket_.get(key, kEntryBytesMax));
  if (bytes) {
    auto entry = wire::manifest::parse_entry(as_text(*bytes));
    if (entry)
      step.entry = *std::move(entry);
    else
      step.problems.push_back(printable(entry.error().context));
  } else {
    step.problems.push_back("was listed and is gone");
  }
  check(step, end);
  end.next = step.index + 1;
  end.known = bytes.has_value();
  end.previous = bytes ? to_hex(sha256(*bytes)) : std::string();
  end.last = step.entry ? std::optional(step.entry->last) : std::nullopt;
  return step;
}

Result<void> ManifestScan::run(const Each& each) {
  const std::string prefix =
      std::string(wire::manifest::kRoot) + (filter_.delivery.empty() ? "" : filter_.delivery + "/");
  return bucket_.list(prefix, [&](const BucketObject& object) -> Result<void> {
    const auto place = wire::manifest::parse_entry_key(object.key);
    if (!place || !wants(place->lane)) return {};
    FB_TRY(ManifestStep step, read(object.key, *place));
    return each(step);
  });
}

}  // namespace forebay::cli
