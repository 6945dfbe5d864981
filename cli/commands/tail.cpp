#include "cli/commands/tail.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/progress.h"
#include "cli/record_line.h"
#include "cli/shard_reader.h"
#include "cli/text.h"

namespace forebay::cli {
namespace {

using Json = nlohmann::ordered_json;

struct TailFlags {
  std::string stream;
  std::string from;
  std::string shard;
  bool follow = false;
  bool raw = false;
  bool count = false;
};

constexpr std::int64_t kPageRecords = 1000;
constexpr Milliseconds kIdleWait{250};  // five GetRecords a second and shard are allowed

struct Counts {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t gaps = 0;  ///< records that declare a loss
  std::set<std::string> keys;
  bool keys_complete = true;
};

/// A record and its place in a round: its arrival, or the latest before it in its shard, so that sorting by it never
/// reverses a shard even when the clock of the gateway went backwards within it.
struct Shown {
  WallTime order;
  ReadRecord record;
};

/// Reads the chosen shards in turn; records of one round are shown in order of arrival.
class Tail {
 public:
  Tail(Session& session, KinesisClient& client, const TailFlags& flags)
      : session_(session), client_(client), flags_(flags), progress_(session.console(), session.clock(), "records") {}

  Result<void> open(const StartPoint& from);
  Result<void> run();
  void report();

 private:
  Result<bool> round();
  void show(std::vector<Shown>& records);
  void count(const ReadRecord& record);
  void add_children(const std::vector<std::string>& children);

  Session& session_;
  KinesisClient& client_;
  const TailFlags& flags_;
  std::vector<ShardReader> readers_;
  std::set<std::string> known_;
  Counts counts_;
  Progress progress_;
};

/// "shardId-000000000003" from that, "3" or "shard-3".
std::string shard_id(const std::string& text) {
  const auto digits = text.find_last_not_of("0123456789");
  const std::string number = digits == std::string::npos ? text : text.substr(digits + 1);
  constexpr std::size_t kDigits = 12;
  if (number.empty() || number.size() > kDigits) return text;
  return "shardId-" + std::string(kDigits - number.size(), '0') + number;
}

Result<void> Tail::open(const StartPoint& from) {
  FB_TRY(const auto shards, client_.list_shards(flags_.stream));
  const std::string wanted = flags_.shard.empty() ? std::string() : shard_id(flags_.shard);
  bool exists = false;
  for (const ShardInfo& shard : shards) {
    if (!wanted.empty() && shard.id != wanted) continue;
    exists = true;
    if (shard.closed && from.kind == StartPoint::Kind::latest) continue;
    known_.insert(shard.id);
    readers_.emplace_back(client_, flags_.stream, shard.id, from);
    FB_CHECK(readers_.back().open());
  }
  if (readers_.empty() && exists && !wanted.empty())
    return Error{Errc::invalid_argument, "shard " + wanted + " of stream " + flags_.stream +
                                             " is closed, nothing new comes into it; read it with --from start"};
  if (readers_.empty() && !wanted.empty())
    return Error{Errc::not_found, "stream " + flags_.stream + " has no shard " + wanted +
                                      "; list them with: forebay stream describe " + flags_.stream};
  return {};
}

void Tail::count(const ReadRecord& record) {
  constexpr std::size_t kKeysMax = 100'000;
  ++counts_.records;
  counts_.bytes += record.data.size();
  if (record.key.starts_with("forebay.gap/")) ++counts_.gaps;
  if (counts_.keys.size() < kKeysMax)
    counts_.keys.insert(record.key);
  else if (!counts_.keys.contains(record.key))
    counts_.keys_complete = false;
}

void Tail::show(std::vector<Shown>& records) {
  std::stable_sort(records.begin(), records.end(), [](const Shown& a, const Shown& b) { return a.order < b.order; });
  const RecordFormat format = flags_.raw ? RecordFormat::raw : session_.json ? RecordFormat::json : RecordFormat::line;
  for (const auto& [order, record] : records) {
    count(record);
    if (!flags_.count) session_.console().out(format_record(record, format, session_.color()));
  }
  if (flags_.count) progress_.update(counts_.records, 0);
  session_.console().flush();
}

void Tail::add_children(const std::vector<std::string>& children) {
  if (!flags_.follow || !flags_.shard.empty()) return;
  for (const std::string& child : children)
    if (known_.insert(child).second)
      readers_.emplace_back(client_, flags_.stream, child, StartPoint{StartPoint::Kind::start, {}});
}

/// One page of every shard. True when something was read.
Result<bool> Tail::round() {
  std::vector<Shown> records;
  std::vector<std::string> children;
  for (ShardReader& reader : readers_) {
    if (reader.finished() || (!flags_.follow && reader.caught_up())) continue;
    if (session_.console().interrupted()) break;
    auto page = reader.next(kPageRecords);
    if (!page) {
      show(records);
      return std::move(page).error();
    }
    WallTime order{};
    for (ReadRecord& record : page->records) {
      order = std::max(order, record.arrival);
      records.push_back({order, std::move(record)});
    }
    children.insert(children.end(), page->children.begin(), page->children.end());
  }
  const bool any = !records.empty();
  show(records);
  add_children(children);
  return any;
}

Result<void> Tail::run() {
  const auto ended = [this](const ShardReader& reader) {
    return reader.finished() || (!flags_.follow && reader.caught_up());
  };
  while (!std::all_of(readers_.begin(), readers_.end(), ended)) {
    FB_TRY(const bool any, round());
    if (session_.console().interrupted() || !session_.console().out_is_open()) break;
    if (!any && flags_.follow && !session_.console().pause(kIdleWait)) break;
  }
  return {};
}

void Tail::report() {
  progress_.finish();
  if (!flags_.count && !session_.console().interrupted()) return;
  if (session_.json) {
    const std::string line = Json{{"records", counts_.records},
                                  {"bytes", counts_.bytes},
                                  {"keys", counts_.keys.size()},
                                  {"gap_records", counts_.gaps},
                                  {"shards", readers_.size()}}
                                 .dump() +
                             "\n";
    flags_.count ? session_.console().out(line) : session_.console().err(line);
    return;
  }
  std::string line = counted(counts_.records, "record") + ", " + format_bytes(counts_.bytes) + ", " +
                     counted(counts_.keys.size(), "key") + (counts_.keys_complete ? ", " : " or more, ") +
                     counted(readers_.size(), "shard");
  if (counts_.gaps > 0) line += ", " + counted(counts_.gaps, "declared gap") + " (key forebay.gap/DEVICE)";
  line += "\n";
  flags_.count ? session_.console().out(line) : session_.console().err(line);
}

Result<int> tail(Session& session, const TailFlags& flags) {
  FB_TRY(const StartPoint from, parse_start_point(flags.from.empty() ? (flags.follow ? "latest" : "start") : flags.from,
                                                  session.clock().wall_now()));
  FB_TRY(KinesisClient* const client, session.client());
  Tail tail(session, *client, flags);
  FB_CHECK(tail.open(from));
  auto done = tail.run();
  tail.report();
  // Ctrl-C breaks the request that is under way: that is the user's wish, not a failure.
  if (!done && !session.console().interrupted()) return std::move(done).error();
  return 0;
}

}  // namespace

void add_tail_command(CLI::App& app, Session& session) {
  CLI::App* const command =
      app.add_subcommand("tail", "show the records of a stream, one line each: time, key, payload");
  const auto flags = std::make_shared<TailFlags>();
  command->add_option("stream", flags->stream, "stream")->required();
  command->add_option("--from", flags->from,
                      "start, latest, an age (90s, 15m, 2h, 3d) or UTC time; default start, with --follow latest");
  command->add_option("--shard", flags->shard, "only this shard: its number or its whole id");
  command->add_flag("--follow,-f", flags->follow, "go on with new records until Ctrl-C");
  CLI::Option* const raw = command->add_flag("--raw", flags->raw, "only the payloads, each with a newline");
  command->add_flag("--count", flags->count, "only counts at the end")->excludes(raw);
  command->footer(
      "Examples:\n"
      "  forebay tail web\n"
      "  forebay tail web --follow\n"
      "  forebay tail web --from 2h --json | jq .key\n"
      "  forebay tail web --from 2026-11-21T10:00:00Z --shard 3 --raw\n"
      "  forebay tail web --count");
  command->callback([&session, flags] { session.run = [&session, flags] { return tail(session, *flags); }; });
}

}  // namespace forebay::cli
