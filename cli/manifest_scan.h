#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/bucket.h"
#include "wire/manifest/entry.h"
#include "wire/manifest/key.h"

namespace forebay::cli {

/// Which lanes are looked at.
struct ManifestFilter {
  std::string delivery;  ///< empty: all
  std::optional<std::uint32_t> shard;
  std::optional<std::string> replay;  ///< empty text: live lanes only; unset: live lanes and replays
};

/// One entry as it was found.
struct ManifestStep {
  wire::manifest::Lane lane;
  std::uint64_t index = 0;
  std::optional<wire::manifest::Entry> entry;  ///< empty: it cannot be read
  std::vector<std::string> problems;           ///< sentences without their place
};

/// Reads the entries of a bucket lane by lane in their order, and checks that each is what its name says and follows
/// the one before: index, hash and offsets (docs/formats/manifest.md). Threads  one.
class ManifestScan {
 public:
  using Each = std::function<Result<void>(ManifestStep& step)>;

  /// Owner  the bucket outlives the scan.
  ManifestScan(Bucket& bucket, ManifestFilter filter) : bucket_(bucket), filter_(std::move(filter)) {}

  /// Errors  those of the bucket and of `each`. What is wrong with an entry is a problem of its step, no error.
  Result<void> run(const Each& each);

 private:
  struct LaneEnd {
    std::uint64_t next = 0;
    std::string previous;              ///< hash of the last entry's bytes; empty: before the first
    std::optional<std::int64_t> last;  ///< offset; unset: before the first, or it is not known
    bool known = true;                 ///< false: the last entry could not be read
  };
  [[nodiscard]] bool wants(const wire::manifest::Lane& lane) const;
  Result<ManifestStep> read(const std::string& key, const wire::manifest::EntryPlace& place);
  static void check(ManifestStep& step, const LaneEnd& end);

  Bucket& bucket_;
  ManifestFilter filter_;
  std::map<wire::manifest::Lane, LaneEnd> lanes_;
};

/// "web-lake shard 3 of stream 17, timeline 0, replay r1"
std::string lane_text(const wire::manifest::Lane& lane);

/// Compares the bytes of an object with what its entry lists; empty: they are equal.
std::string object_problem(const wire::manifest::Object& listed, ByteView body);

}  // namespace forebay::cli
