#include "cli/commands/manifest_verify.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "cli/app.h"
#include "cli/progress.h"
#include "cli/text.h"
#include "cli/time_expression.h"
#include "wire/manifest/object_name.h"

namespace forebay::cli {
namespace {

using Json = nlohmann::ordered_json;

class Verification {
 public:
  Verification(Session& session, Bucket& bucket, const ManifestVerifyFlags& flags)
      : session_(session),
        bucket_(bucket),
        flags_(flags),
        progress_(session.console(), session.clock(), "objects verified") {}

  /// Objects that look delivered, before the manifest is read: what is put meanwhile is no orphan.
  Result<void> find_candidates();
  Result<void> check_entries();
  void report();
  [[nodiscard]] bool sound() const { return problems_.empty(); }

 private:
  Result<void> check_entry(ManifestStep& step);
  Result<std::string> check_object(const wire::manifest::Object& object);
  void report_json() const;

  Session& session_;
  Bucket& bucket_;
  const ManifestVerifyFlags& flags_;
  Progress progress_;
  std::unordered_map<std::string, BucketObject> candidates_;  ///< left at the end: orphans
  std::set<std::string> listed_;                              ///< keys seen in entries
  std::set<wire::manifest::Lane> lanes_;
  std::vector<std::string> problems_;
  std::uint64_t entries_ = 0;
  std::uint64_t objects_ = 0;
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

Result<void> Verification::find_candidates() {
  return bucket_.list(flags_.prefix, [&](const BucketObject& object) -> Result<void> {
    if (session_.console().interrupted()) return Error{Errc::cancelled, "stopped by the user"};
    if (object.key.starts_with(wire::manifest::kRoot)) return {};
    if (wire::manifest::is_delivered_name(object.key, flags_.filter.delivery)) candidates_.emplace(object.key, object);
    return {};
  });
}

/// Empty: as listed. Errors  of the bucket, as long as they are not about this one key.
Result<std::string> Verification::check_object(const wire::manifest::Object& object) {
  if (!listed_.insert(object.key).second) return std::string("is listed by an entry before, too");
  if (flags_.quick) {
    const auto size = bucket_.size(object.key);
    if (!size && size.error().code == Errc::invalid_argument) return "has no possible key: " + size.error().context;
    if (!size) return size.error();
    if (!*size) return std::string("is missing");
    if (**size == object.size) return std::string();
    return "has " + with_commas(**size) + " bytes, the manifest lists " + with_commas(object.size);
  }
  const auto body = bucket_.get(object.key, object.size);
  if (body) return *body ? object_problem(object, **body) : std::string("is missing");
  if (body.error().code == Errc::too_large) return "is longer than the " + with_commas(object.size) + " bytes listed";
  if (body.error().code == Errc::invalid_argument) return "has no possible key: " + body.error().context;
  return body.error();
}

Result<void> Verification::check_entry(ManifestStep& step) {
  lanes_.insert(step.lane);
  ++entries_;
  const std::string place = lane_text(step.lane) + ", entry " + std::to_string(step.index) + ": ";
  for (const std::string& problem : step.problems) problems_.push_back(place + problem);
  if (!step.entry) return {};
  for (const auto& object : step.entry->objects) {
    if (session_.console().interrupted()) return Error{Errc::cancelled, "stopped by the user"};
    FB_TRY(const std::string problem, check_object(object));
    if (!problem.empty()) problems_.push_back(place + "object " + printable(object.key) + " " + problem);
    candidates_.erase(object.key);
    records_ += object.records;
    bytes_ += object.size;
    progress_.update(++objects_, 0);
  }
  return {};
}

Result<void> Verification::check_entries() {
  ManifestScan scan(bucket_, flags_.filter);
  auto done = scan.run([this](ManifestStep& step) { return check_entry(step); });
  progress_.finish();
  return done;
}

void Verification::report_json() const {
  Json orphans = Json::array();
  for (const auto& [key, object] : candidates_)
    orphans.push_back(Json{{"key", key}, {"size", object.size}, {"modified", format_time(object.modified)}});
  const Json document{{"sound", sound()},      {"lanes", lanes_.size()},       {"entries", entries_},
                      {"objects", objects_},   {"records", records_},          {"bytes", bytes_},
                      {"problems", problems_}, {"orphans", std::move(orphans)}};
  session_.console().out(document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void Verification::report() {
  if (session_.json) return report_json();
  Console& console = session_.console();
  for (const std::string& problem : problems_) console.out(problem + "\n");
  std::vector<std::string> keys;
  for (const auto& [key, object] : candidates_) keys.push_back(key);
  std::ranges::sort(keys);
  const WallTime now = session_.clock().wall_now();
  for (const std::string& key : keys) {
    const BucketObject& object = candidates_.at(key);
    console.out(
        "orphan " + printable(key) + ", " + format_bytes(object.size) + ", " +
        format_duration(std::max(Milliseconds(0), std::chrono::duration_cast<Milliseconds>(now - object.modified))) +
        " old\n");
  }
  if (entries_ == 0) console.out("no manifest entry was found\n");
  console.out(counted(lanes_.size(), "lane") + ", " + counted(entries_, "entry") + ", " + counted(objects_, "object") +
              ", " + counted(records_, "record") + ", " + format_bytes(bytes_) + ": " +
              (sound() ? "sound" : counted(problems_.size(), "problem")) + "\n");
  if (!keys.empty())
    console.out(
        counted(keys.size(), "orphan") +
        ": objects that no entry lists do not count; an upload under way, or left by a crash and removed later\n");
}

}  // namespace

Result<int> verify_manifest(Session& session, Bucket& bucket, const ManifestVerifyFlags& flags) {
  Verification verification(session, bucket, flags);
  // With only some lanes looked at, what the others list would seem to be orphans.
  if (!flags.filter.shard && !flags.filter.replay) {
    FB_CHECK(verification.find_candidates());
  }
  FB_CHECK(verification.check_entries());
  verification.report();
  return verification.sound() ? 0 : exit_code_of(Errc::corrupt);
}

}  // namespace forebay::cli
