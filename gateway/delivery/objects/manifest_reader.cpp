#include "gateway/delivery/objects/manifest_reader.h"

#include "base/digest.h"
#include "base/hex.h"

namespace forebay::gateway::delivery {

void ManifestReader::resume(std::uint64_t next_index, std::string previous) {
  index_ = next_index;
  previous_ = std::move(previous);
  last_.reset();
}

Result<std::optional<ManifestEntry>> ManifestReader::next() {
  Cut cut;
  cut.source = source_;
  cut.replay = replay_;
  cut.index = index_;
  const std::string key = manifest_key(cut);
  FB_TRY(const auto body, store_.get(key, kManifestEntryBytesMax));
  if (!body) return std::optional<ManifestEntry>();
  auto entry = parse_manifest_entry(as_text(*body));
  if (!entry) return std::move(entry).error().with_context(key);
  FB_CHECK(check(*entry, key));
  ++index_;
  previous_ = to_hex(sha256(*body));
  last_ = entry->cut.last;
  return std::optional<ManifestEntry>(*std::move(entry));
}

Result<void> ManifestReader::check(const ManifestEntry& entry, const std::string& key) const {
  if (manifest_key(entry.cut) != key)
    return Error{Errc::corrupt,
                 key + ": holds the entry " + manifest_key(entry.cut) + "; restore the bucket from a copy"};
  if (entry.previous != previous_)
    return Error{Errc::corrupt, key + ": does not follow the entry before it (previous is \"" + entry.previous +
                                    "\", that entry has \"" + previous_ + "\"); one of the two was replaced"};
  if (last_ && entry.cut.first <= *last_)
    return Error{Errc::corrupt, key + ": begins at offset " + std::to_string(entry.cut.first.value()) +
                                    ", which the entry before it holds already"};
  return {};
}

Result<void> verify_object(const ManifestEntry::Object& listed, ByteView body) {
  if (body.size() != listed.size)
    return Error{Errc::corrupt, listed.key + ": " + std::to_string(body.size()) + " bytes, the manifest says " +
                                    std::to_string(listed.size)};
  const std::string digest = to_hex(sha256(body));
  if (digest == listed.sha256) return {};
  return Error{Errc::corrupt, listed.key + ": SHA-256 " + digest + ", the manifest says " + listed.sha256};
}

}  // namespace forebay::gateway::delivery
