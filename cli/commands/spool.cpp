#include "cli/commands/spool.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/hex.h"
#include "cli/app.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/time_expression.h"
#include "spool/inspect.h"

namespace forebay::cli {
namespace {

using Json = nlohmann::ordered_json;

struct SpoolFlags {
  std::string folder;
  std::string stream;
  bool waiting = false;
  bool raw = false;
};

void print(Session& session, const Json& document, int indent) {
  session.console().out(document.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n");
}

/// Advice for the usual mistakes in naming a spool.
Error explained(Error error, const std::string& folder) {
  if (error.code == Errc::not_found)
    return std::move(error).with_context("no spool at " + folder + " (spool.path of the agent's configuration)");
  if (error.code == Errc::permission)
    return std::move(error).with_context("the spool belongs to the agent's user; try sudo");
  return error;
}

std::uint64_t waiting_of(const spool::LaneStatus& lane) {
  const std::uint64_t settled = std::max(lane.acked, lane.first == 0 ? 0 : lane.first - 1);
  return lane.last > settled ? lane.last - settled : 0;
}

Json lane_json(const spool::LaneStatus& lane) {
  return Json{{"stream", lane.lane.stream},
              {"run", lane.lane.lineage.ordinal},
              {"first", lane.first},
              {"last", lane.last},
              {"acknowledged", lane.acked},
              {"waiting", waiting_of(lane)},
              {"nonce", to_hex(ByteView(reinterpret_cast<const std::uint8_t*>(&lane.lane.lineage.nonce),
                                        sizeof lane.lane.lineage.nonce))}};
}

std::uint64_t bytes_of(const std::vector<spool::RecoveredFile>& files) {
  std::uint64_t bytes = 0;
  for (const auto& file : files) bytes += file.size;
  return bytes;
}

Result<int> ls(Session& session, const SpoolFlags& flags) {
  const auto found = spool::inspect_spool(session.files(), flags.folder);
  if (!found) return explained(found.error(), flags.folder);
  if (session.json) {
    Json lanes = Json::array();
    for (const auto& lane : found->lanes) lanes.push_back(lane_json(lane));
    print(session,
          Json{{"files", found->journal.files.size()},
               {"bytes", bytes_of(found->journal.files)},
               {"records_to_send", found->owed_records},
               {"bytes_to_send", found->owed_bytes},
               {"sources", found->sources.size()},
               {"lanes", std::move(lanes)}},
          2);
    return 0;
  }
  Table table({"STREAM", "RUN", "FIRST", "LAST", "ACKNOWLEDGED", "WAITING"});
  for (const auto& lane : found->lanes)
    table.add({lane.lane.stream, std::to_string(lane.lane.lineage.ordinal), with_commas(lane.first),
               with_commas(lane.last), with_commas(lane.acked), with_commas(waiting_of(lane))});
  session.console().out(table.text());
  session.console().out("\n" + counted(found->owed_records, "record") + " (" + format_bytes(found->owed_bytes) +
                        ") to send, " + counted(found->journal.files.size(), "file") + ", " +
                        format_bytes(bytes_of(found->journal.files)) + " on disk, positions of " +
                        counted(found->sources.size(), "source") + "\n");
  return 0;
}

std::string record_text(const spool::InspectedRecord& item, const SpoolFlags& flags, bool json) {
  const std::string_view data = as_text(item.record.data);
  if (flags.raw) return std::string(data) + "\n";
  if (!json)
    return format_time(item.record.time) + "  " + item.lane.stream + "  " + printable(item.record.partition_key) +
           "  " + printable(data) + "\n";
  Json out{{"stream", item.lane.stream},         {"run", item.lane.lineage.ordinal},
           {"sequence", item.sequence},          {"time", format_time(item.record.time)},
           {"key", item.record.partition_key},   {"acknowledged", item.acknowledged},
           {"declared_lost", item.declared_lost}};
  if (is_utf8(data))
    out["data"] = data;
  else
    out["data_base64"] = to_base64(item.record.data);
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<int> cat(Session& session, const SpoolFlags& flags) {
  Console& console = session.console();
  const auto found =
      spool::inspect_spool(session.files(), flags.folder, [&](const spool::InspectedRecord& item) -> Result<void> {
        if (console.interrupted() || !console.out_is_open()) return Error{Errc::cancelled, "stopped by the user"};
        if (!flags.stream.empty() && item.lane.stream != flags.stream) return {};
        if (flags.waiting && (item.acknowledged || item.declared_lost)) return {};
        console.out(record_text(item, flags, session.json));
        return {};
      });
  if (!found && found.error().code == Errc::cancelled) return console.interrupted() ? exit_code_of(Errc::cancelled) : 0;
  if (!found) return explained(found.error(), flags.folder);
  return 0;
}

/// Bytes of the regular files in the folder; 0 when it cannot be listed (the inspection says why).
std::uint64_t folder_bytes(FileSystem& files, const std::string& folder) {
  std::uint64_t bytes = 0;
  const auto names = files.list(folder);
  if (!names) return 0;
  for (const std::string& name : *names)
    if (const auto info = files.stat(join_path(folder, name)); info && *info) bytes += (*info)->size;
  return bytes;
}

Result<int> verify(Session& session, const SpoolFlags& flags) {
  const std::uint64_t total = folder_bytes(session.files(), flags.folder);
  Progress progress(session.console(), session.clock(), "bytes verified");
  std::uint64_t done = 0;
  const auto found =
      spool::inspect_journal(session.files(), flags.folder, [&](const spool::RecoveredEntry& entry) -> Result<void> {
        progress.update(done += entry.content.size(), total);
        if (session.console().interrupted()) return Error{Errc::cancelled, "stopped by the user"};
        return {};
      });
  progress.finish();
  if (!found) return explained(found.error(), flags.folder);
  const spool::RecoveryReport& report = found->report;
  const bool sound = report.corrupt_holes == 0;
  if (session.json) {
    print(session,
          Json{{"sound", sound},
               {"files", report.files},
               {"commits", report.commits},
               {"entries", report.entries},
               {"torn_tails", report.torn_tails},
               {"corrupt_holes", report.corrupt_holes},
               {"corrupt_bytes", report.corrupt_bytes},
               {"details", report.details}},
          2);
  } else {
    for (const std::string& detail : report.details) session.console().out(detail + "\n");
    session.console().out(
        counted(report.commits, "commit") + " with " + counted(report.entries, "entry") + " in " +
        counted(report.files, "file") + ": " +
        (sound ? "sound"
               : counted(report.corrupt_holes, "damaged place") + ", " + with_commas(report.corrupt_bytes) + " bytes") +
        (report.torn_tails > 0 ? "; an unfinished last commit, as a cut or a running agent leaves it" : "") + "\n");
  }
  return sound ? 0 : exit_code_of(Errc::corrupt);
}

}  // namespace

void add_spool_command(CLI::App& app, Session& session) {
  CLI::App* const command = app.add_subcommand("spool", "look into the spool of an agent, also while it runs");
  command->require_subcommand(1);
  command->fallthrough();
  const auto flags = std::make_shared<SpoolFlags>();
  const auto add = [&](const char* name, const char* text, Result<int> (*run)(Session&, const SpoolFlags&)) {
    CLI::App* const sub = command->add_subcommand(name, text);
    sub->add_option("dir", flags->folder, "folder of the spool (spool.path)")->required();
    sub->callback([&session, flags, run] { session.run = [&session, flags, run] { return run(session, *flags); }; });
    return sub;
  };
  add("ls", "streams, what was acknowledged and what waits", ls)
      ->footer("Examples:\n  sudo forebay spool ls /var/lib/forebay-agent/spool\n  forebay spool ls ./spool --json");
  CLI::App* const show = add("cat", "the records, one line each: time, stream, key, payload", cat);
  show->add_option("--stream", flags->stream, "only this stream");
  show->add_flag("--waiting", flags->waiting, "only records that are still to be sent");
  show->add_flag("--raw", flags->raw, "only the payloads, each with a newline");
  show->footer(
      "Examples:\n  forebay spool cat ./spool --waiting\n  forebay spool cat ./spool --stream web --raw > saved.log\n"
      "  forebay spool cat ./spool --json | jq .key\nAcknowledged records stay for a time of grace and are shown too.");
  add("verify", "check every commit; ends with 65 when any is damaged", verify)
      ->footer(
          "Examples:\n  forebay spool verify ./spool\n  sudo forebay spool verify /var/lib/forebay-agent/spool --json");
}

}  // namespace forebay::cli
