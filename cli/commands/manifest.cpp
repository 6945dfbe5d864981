#include "cli/commands/manifest.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/app.h"
#include "cli/commands/manifest_verify.h"
#include "cli/decompress.h"
#include "cli/manifest_scan.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/time_expression.h"

namespace forebay::cli {
namespace {

using Json = nlohmann::ordered_json;
using wire::manifest::Lane;

constexpr std::uint64_t kOpenedBytesMax = 2ull << 30;

struct ManifestFlags {
  std::string bucket;
  std::string delivery;
  std::string replay;
  std::optional<std::uint32_t> shard;
  bool replays = false;
  bool raw = false;
  bool errors = false;
  ManifestVerifyFlags verify;
};

ManifestFilter filter_of(const ManifestFlags& flags, bool with_replays) {
  ManifestFilter out{flags.delivery, flags.shard, std::nullopt};
  if (!flags.replay.empty())
    out.replay = flags.replay;
  else if (!with_replays)
    out.replay = std::string();
  return out;
}

struct LaneSums {
  std::string stream;
  std::uint64_t entries = 0;
  std::uint64_t objects = 0;
  std::uint64_t records = 0;
  std::uint64_t errors = 0;  ///< records in objects of errors
  std::uint64_t bytes = 0;
  std::optional<std::int64_t> first;
  std::int64_t last = 0;
  WallTime oldest;  ///< of the newest entry
  std::uint64_t problems = 0;
};

void add(LaneSums& sums, const ManifestStep& step) {
  ++sums.entries;
  sums.problems += step.problems.size();
  if (!step.entry) return;
  const auto& entry = *step.entry;
  sums.stream = entry.stream;
  if (!sums.first) sums.first = entry.first;
  sums.last = entry.last;
  sums.oldest = entry.oldest;
  for (const auto& object : entry.objects) {
    ++sums.objects;
    (object.error_type.empty() ? sums.records : sums.errors) += object.records;
    sums.bytes += object.size;
  }
}

Json lane_json(const Lane& lane, const LaneSums& sums) {
  return Json{{"delivery", lane.delivery},   {"stream", sums.stream},
              {"stream_id", lane.stream_id}, {"shard", lane.shard},
              {"timeline", lane.timeline},   {"replay", lane.replay},
              {"entries", sums.entries},     {"objects", sums.objects},
              {"records", sums.records},     {"error_records", sums.errors},
              {"bytes", sums.bytes},         {"first_offset", sums.first.value_or(0)},
              {"last_offset", sums.last},    {"newest_ms", to_millis(sums.oldest)},
              {"problems", sums.problems}};
}

void print_lanes(Session& session, const std::map<Lane, LaneSums>& lanes) {
  Table table({"DELIVERY", "STREAM", "SHARD", "TIMELINE", "REPLAY", "ENTRIES", "OBJECTS", "RECORDS", "ERRORS", "BYTES",
               "OFFSETS", "NEWEST"});
  for (const auto& [lane, sums] : lanes)
    table.add({printable(lane.delivery), printable(sums.stream), std::to_string(lane.shard),
               std::to_string(lane.timeline), lane.replay.empty() ? "-" : printable(lane.replay),
               with_commas(sums.entries), with_commas(sums.objects), with_commas(sums.records),
               with_commas(sums.errors), with_commas(sums.bytes),
               std::to_string(sums.first.value_or(0)) + ".." + std::to_string(sums.last), format_time(sums.oldest)});
  session.console().out(lanes.empty() ? "no manifest entry was found\n" : table.text());
}

Result<int> ls(Session& session, const ManifestFlags& flags) {
  FB_TRY(const auto bucket, open_bucket(session, flags.bucket));
  std::map<Lane, LaneSums> lanes;
  std::uint64_t entries = 0, problems = 0;
  Progress progress(session.console(), session.clock(), "entries");
  ManifestScan scan(*bucket, filter_of(flags, true));
  auto done = scan.run([&](ManifestStep& step) -> Result<void> {
    if (session.console().interrupted()) return Error{Errc::cancelled, "stopped by the user"};
    add(lanes[step.lane], step);
    problems += step.problems.size();
    progress.update(++entries, 0);
    return {};
  });
  progress.finish();
  FB_CHECK(done);
  if (session.json) {
    Json out = Json::array();
    for (const auto& [lane, sums] : lanes) out.push_back(lane_json(lane, sums));
    session.console().out(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  } else {
    print_lanes(session, lanes);
  }
  if (problems > 0)
    session.console().err(counted(problems, "problem") + "; see them with: forebay manifest verify --bucket " +
                          flags.bucket + "\n");
  return problems > 0 ? exit_code_of(Errc::corrupt) : 0;
}

/// The bytes of one listed object, checked. Errors  corrupt: they are not what the manifest lists.
Result<Buffer> read_object(Bucket& bucket, const wire::manifest::Object& object) {
  FB_TRY(auto bytes, bucket.get(object.key, object.size));
  const std::string problem = bytes ? object_problem(object, *bytes) : "is missing";
  if (!problem.empty()) return Error{Errc::corrupt, "object " + printable(object.key) + " " + problem};
  return *std::move(bytes);
}

Result<int> cat(Session& session, const ManifestFlags& flags) {
  FB_TRY(const auto bucket, open_bucket(session, flags.bucket));
  Console& console = session.console();
  ManifestScan scan(*bucket, filter_of(flags, flags.replays));
  const auto done = scan.run([&](ManifestStep& step) -> Result<void> {
    if (!step.problems.empty())
      return Error{Errc::corrupt, lane_text(step.lane) + ", entry " + std::to_string(step.index) + ": " +
                                      step.problems.front() + "; nothing behind it is read"};
    for (const auto& object : step.entry->objects) {
      if (console.interrupted() || !console.out_is_open()) return Error{Errc::cancelled, "stopped by the user"};
      if (object.error_type.empty() == flags.errors) continue;
      FB_TRY(Buffer bytes, read_object(*bucket, object));
      if (!flags.raw) {
        FB_TRY(bytes, decompress_object(object.key, std::move(bytes), kOpenedBytesMax));
      }
      console.out(as_text(bytes));
    }
    return {};
  });
  if (!done && done.error().code == Errc::cancelled && !console.out_is_open()) return 0;
  FB_CHECK(done);
  return 0;
}

Result<int> verify(Session& session, const ManifestFlags& flags) {
  FB_TRY(const auto bucket, open_bucket(session, flags.bucket));
  ManifestVerifyFlags wanted = flags.verify;
  wanted.filter = filter_of(flags, true);
  return verify_manifest(session, *bucket, wanted);
}

using Flags = std::shared_ptr<ManifestFlags>;

CLI::App* add_command(CLI::App& command, Session& session, const Flags& flags, const char* name, const char* text,
                      Result<int> (*run)(Session&, const ManifestFlags&)) {
  CLI::App* const sub = command.add_subcommand(name, text);
  sub->add_option("--bucket", flags->bucket, "s3://BUCKET, file:///DIR or a folder")->required();
  sub->add_option("--delivery", flags->delivery, "only this delivery stream");
  sub->add_option("--shard", flags->shard, "only this shard, by its number");
  sub->add_option("--replay", flags->replay, "only the replay of this id");
  sub->callback([&session, flags, run] { session.run = [&session, flags, run] { return run(session, *flags); }; });
  return sub;
}

constexpr const char* kStores =
    "S3: --endpoint or AWS_ENDPOINT_URL_S3 names the store (default Amazon's), AWS_REGION the region,\n"
    "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN or --key-file the key.";

}  // namespace

void add_manifest_command(CLI::App& app, Session& session) {
  CLI::App* const command = app.add_subcommand("manifest", "what delivery has put into a bucket, by its manifest");
  command->require_subcommand(1);
  command->fallthrough();
  const auto flags = std::make_shared<ManifestFlags>();

  add_command(*command, session, flags, "ls", "one line per lane: entries, records, bytes", ls)
      ->footer(std::string("Examples:\n  forebay manifest ls --bucket s3://lake --endpoint http://127.0.0.1:9000\n"
                           "  forebay manifest ls --bucket ./forebay-data/objects/lake --json\n") +
               kStores);

  CLI::App* const show = add_command(*command, session, flags, "cat",
                                     "the records of the listed objects, lane after lane, each exactly once", cat);
  show->add_flag("--raw", flags->raw, "objects as they are stored; else .gz and .zst are opened");
  show->add_flag("--errors", flags->errors, "the objects of records that could not be processed instead");
  show->add_flag("--replays", flags->replays, "also what replays delivered once more");
  show->footer(
      std::string("Examples:\n  forebay manifest cat --bucket s3://lake --delivery web-lake | wc -l\n"
                  "  forebay manifest cat --bucket /srv/lake --delivery web-lake --shard 0 > shard-0.jsonl\n") +
      kStores);

  CLI::App* const check =
      add_command(*command, session, flags, "verify",
                  "check chains and objects, find orphans; ends with 65 when anything is wrong", verify);
  check->add_flag("--quick", flags->verify.quick, "compare sizes only, read no objects");
  check->add_option("--prefix", flags->verify.prefix, "look for orphans only under keys that begin like this");
  check->footer(std::string("Examples:\n  forebay manifest verify --bucket s3://lake\n"
                            "  forebay manifest verify --bucket /srv/lake --delivery web-lake --json\n") +
                kStores);
}

}  // namespace forebay::cli
