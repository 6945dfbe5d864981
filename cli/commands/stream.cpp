#include "cli/commands/stream.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/confirm.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/text.h"

namespace forebay::cli {
namespace {

using Json = nlohmann::ordered_json;

struct StreamFlags {
  std::string name;
  std::int64_t shards = 1;
  std::int64_t retention_hours = 24;
  bool yes = false;
};

constexpr Milliseconds kStatusInterval{100};
constexpr std::chrono::seconds kStatusDeadline{60};

Json to_json(const StreamSummary& summary) {
  return Json{{"name", summary.name},
              {"arn", summary.arn},
              {"status", summary.status},
              {"mode", summary.mode},
              {"created", format_time(summary.created)},
              {"retention_hours", summary.retention_hours},
              {"open_shards", summary.open_shards}};
}

void print(Session& session, const Json& document) {
  session.console().out(document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

/// Asks for the status until it is ACTIVE.
Result<StreamSummary> wait_active(Session& session, KinesisClient& client, const std::string& name) {
  const SteadyTime deadline = session.clock().steady_now() + kStatusDeadline;
  Progress progress(session.console(), session.clock(), "waiting for stream " + name);
  for (std::uint64_t asked = 1;; ++asked) {
    FB_TRY(auto summary, client.describe(name));
    if (summary.status == "ACTIVE") {
      progress.finish();
      return summary;
    }
    if (session.clock().steady_now() >= deadline)
      return Error{Errc::timed_out, "stream " + name + " is still " + summary.status +
                                        " after a minute; look again with: forebay stream describe " + name};
    progress.update(asked, 0);
    if (!session.console().pause(kStatusInterval)) return Error{Errc::cancelled, "stopped by the user"};
  }
}

Result<int> create(Session& session, const StreamFlags& flags) {
  FB_TRY(KinesisClient* const client, session.client());
  FB_CHECK(client->create_stream(flags.name, flags.shards));
  FB_TRY(auto summary, wait_active(session, *client, flags.name));
  if (summary.retention_hours != flags.retention_hours) {
    FB_CHECK(client->set_retention(flags.name, flags.retention_hours, summary.retention_hours));
    FB_TRY(summary, wait_active(session, *client, flags.name));
  }
  if (session.json)
    print(session, to_json(summary));
  else
    session.console().out("stream " + summary.name + " is " + summary.status + ": " +
                          counted(static_cast<std::uint64_t>(summary.open_shards), "shard") + ", records kept " +
                          std::to_string(summary.retention_hours) + " h\n");
  return 0;
}

Result<int> list(Session& session) {
  FB_TRY(KinesisClient* const client, session.client());
  FB_TRY(const auto names, client->list_streams());
  Table table({"NAME", "STATUS", "SHARDS", "RETENTION H", "CREATED"});
  Json all = Json::array();
  Progress progress(session.console(), session.clock(), "streams");
  for (const std::string& name : names) {
    progress.update(all.size(), names.size());
    const auto summary = client->describe(name);
    if (!summary && summary.error().code == Errc::not_found) continue;  // deleted since it was listed
    if (!summary) return summary.error();
    all.push_back(to_json(*summary));
    table.add({name, summary->status, std::to_string(summary->open_shards), std::to_string(summary->retention_hours),
               format_time(summary->created)});
  }
  progress.finish();
  if (session.json)
    print(session, all);
  else if (all.empty())
    session.console().out("no streams at " + session.settings().endpoint +
                          "; make one with: forebay stream create NAME\n");
  else
    session.console().out(table.text());
  return 0;
}

Result<int> describe(Session& session, const StreamFlags& flags) {
  FB_TRY(KinesisClient* const client, session.client());
  FB_TRY(const auto summary, client->describe(flags.name));
  FB_TRY(const auto shards, client->list_shards(flags.name));
  if (session.json) {
    Json document = to_json(summary);
    document["shards"] = Json::array();
    for (const ShardInfo& shard : shards)
      document["shards"].push_back(Json{{"id", shard.id},
                                        {"parent", shard.parent},
                                        {"state", shard.closed ? "closed" : "open"},
                                        {"starting_hash_key", shard.starting_hash_key},
                                        {"ending_hash_key", shard.ending_hash_key},
                                        {"starting_sequence_number", shard.starting_sequence_number}});
    print(session, document);
    return 0;
  }
  Console& console = session.console();
  console.out("name       " + summary.name + "\narn        " + summary.arn + "\nstatus     " + summary.status +
              "\nmode       " + summary.mode + "\ncreated    " + format_time(summary.created) + "\nretention  " +
              std::to_string(summary.retention_hours) + " h\n\n");
  Table table({"SHARD", "STATE", "PARENT", "HASH KEYS FROM", "TO"});
  for (const ShardInfo& shard : shards)
    table.add({shard.id, shard.closed ? "closed" : "open", shard.parent.empty() ? "-" : shard.parent,
               shard.starting_hash_key, shard.ending_hash_key});
  console.out(table.text());
  return 0;
}

Result<int> remove(Session& session, const StreamFlags& flags) {
  FB_TRY(KinesisClient* const client, session.client());
  FB_TRY(const auto summary, client->describe(flags.name));
  if (!flags.yes) {
    FB_CHECK(confirm_deletion(session, "stream " + flags.name, " and every record in it", flags.name));
  }
  FB_CHECK(client->delete_stream(flags.name));
  if (session.json)
    print(session, Json{{"deleted", summary.name}});
  else
    session.console().out("stream " + summary.name + " is deleted\n");
  return 0;
}

void add_name(CLI::App& command, const std::shared_ptr<StreamFlags>& flags) {
  command.add_option("name", flags->name, "stream")->required();
}

}  // namespace

void add_stream_command(CLI::App& app, Session& session) {
  CLI::App* const stream = app.add_subcommand("stream", "create, list, describe and delete streams");
  stream->require_subcommand(1);
  stream->fallthrough();
  const auto flags = std::make_shared<StreamFlags>();

  CLI::App* const make = stream->add_subcommand("create", "create a stream and wait until it is usable");
  add_name(*make, flags);
  make->add_option("--shards", flags->shards, "number of shards (default 1)")->check(CLI::Range(1, 10'000));
  make->add_option("--retention", flags->retention_hours, "hours that records are kept (default 24)")
      ->check(CLI::Range(24, 8760));
  make->footer("Examples:\n  forebay stream create web\n  forebay stream create sensors --shards 8 --retention 168");
  make->callback([&session, flags] { session.run = [&session, flags] { return create(session, *flags); }; });

  CLI::App* const ls = stream->add_subcommand("list", "one line per stream");
  ls->footer("Examples:\n  forebay stream list\n  forebay stream list --json");
  ls->callback([&session] { session.run = [&session] { return list(session); }; });

  CLI::App* const show = stream->add_subcommand("describe", "a stream and its shards");
  add_name(*show, flags);
  show->footer("Examples:\n  forebay stream describe web\n  forebay stream describe web --json");
  show->callback([&session, flags] { session.run = [&session, flags] { return describe(session, *flags); }; });

  CLI::App* const del = stream->add_subcommand("delete", "delete a stream with its records");
  add_name(*del, flags);
  del->add_flag("--yes", flags->yes, "do not ask");
  del->footer("Examples:\n  forebay stream delete web\n  forebay stream delete web --yes");
  del->callback([&session, flags] { session.run = [&session, flags] { return remove(session, *flags); }; });
}

}  // namespace forebay::cli
