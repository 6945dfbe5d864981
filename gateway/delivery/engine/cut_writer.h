#pragma once

#include "gateway/delivery/engine/lane_reader.h"
#include "gateway/delivery/manifest.h"

namespace forebay::gateway::delivery {

/// What one cut is made of.
struct CutContent {
  Cut cut;
  std::unique_ptr<ObjectBuilder> builder;     ///< holds the cut's records; null for a declared loss
  std::optional<FinishedObject> declaration;  ///< of a loss
  LaneMarks marks;
  std::string previous;  ///< SHA-256 of the lane's last entry, hex
};

/// Brings one logged cut into the store: its objects, then the manifest entry (D2, D3). Where it stopped it goes on.
/// Threads  one; run() blocks.
class CutWriter {
 public:
  enum class Step : std::uint8_t {
    done,      ///< the manifest lists the cut
    again,     ///< the store did not take something: call run() again, later
    conflict,  ///< something else has a name of ours: another gateway, or other bytes for the same records
    failed,    ///< the objects cannot be made
  };

  CutWriter(std::shared_ptr<ObjectStore> store, CutContent content);

  Step run();
  /// Of the last run() that was not done.
  [[nodiscard]] const Error& error() const { return error_; }
  /// True once the manifest entry may have reached the store.
  [[nodiscard]] bool has_told() const { return told_; }

  /// Names under which it has put something or tried to.
  [[nodiscard]] std::vector<std::string> keys() const;
  [[nodiscard]] bool is_done() const { return done_; }
  /// After done.
  [[nodiscard]] const std::string& entry_hash() const { return entry_hash_; }
  [[nodiscard]] const ManifestEntry& entry() const { return entry_; }
  [[nodiscard]] std::uint64_t payload_bytes() const { return payload_bytes_; }

 private:
  Result<bool> next_object();
  Step put_object();
  Step put_entry();

  std::shared_ptr<ObjectStore> store_;
  CutContent content_;
  ManifestEntry entry_;
  std::optional<FinishedObject> object_;  ///< made and not yet taken
  std::string entry_text_;
  std::string entry_hash_;
  std::uint64_t payload_bytes_ = 0;
  bool told_ = false;
  bool done_ = false;
  Error error_;
};

}  // namespace forebay::gateway::delivery
