#include "cli/commands/delivery.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands/delivery_replay.h"
#include "cli/commands/delivery_request.h"
#include "cli/commands/delivery_status.h"
#include "cli/confirm.h"
#include "cli/delivery_client.h"
#include "cli/json_member.h"
#include "cli/progress.h"
#include "cli/text.h"
#include "cli/time_expression.h"

namespace forebay::cli {
namespace {

using Json = nlohmann::json;

constexpr Milliseconds kStatusInterval{100};
constexpr std::chrono::seconds kStatusDeadline{60};

struct DeliveryFlags {
  DeliveryCreateFlags create;
  DeliveryStatusFlags status;
  DeliveryReplayFlags replay;
  bool yes = false;
};

void print(Session& session, const Json& document) {
  session.console().out(document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

/// "s3://bucket/prefix" or the endpoint's URL.
std::string destination_text(const Json& description) {
  const Json& list = json_member(description, "Destinations");
  if (!list.is_array() || list.empty()) return "-";
  const Json& endpoint = json_member(list[0], "HttpEndpointDestinationDescription");
  if (endpoint.is_object()) return json_text(json_member(endpoint, "EndpointConfiguration"), "Url");
  const Json& s3 = json_member(list[0], "ExtendedS3DestinationDescription");
  const std::string arn = json_text(s3, "BucketARN");
  const auto bucket = arn.rfind(':');
  return bucket == std::string::npos ? "-" : "s3://" + arn.substr(bucket + 1) + "/" + json_text(s3, "Prefix");
}

std::string source_text(const Json& description) {
  const Json& source = json_member(json_member(description, "Source"), "KinesisStreamSourceDescription");
  const std::string arn = json_text(source, "KinesisStreamARN");
  const auto name = arn.rfind('/');
  return name == std::string::npos ? "direct put" : "stream " + arn.substr(name + 1);
}

std::string cut_text(const Json& description) {
  const Json& list = json_member(description, "Destinations");
  if (!list.is_array() || list.empty()) return "-";
  for (const char* kind : {"HttpEndpointDestinationDescription", "ExtendedS3DestinationDescription"}) {
    const Json& hints = json_member(json_member(list[0], kind), "BufferingHints");
    if (hints.is_object())
      return "at " + std::to_string(json_count(hints, "SizeInMBs")) + " MiB or after " +
             std::to_string(json_count(hints, "IntervalInSeconds")) + " s";
  }
  return "-";
}

/// Asks for the description until it is ACTIVE.
Result<Json> wait_active(Session& session, DeliveryClient& client, const std::string& name) {
  const SteadyTime deadline = session.clock().steady_now() + kStatusDeadline;
  for (;;) {
    FB_TRY(Json description, client.describe(name));
    const std::string status = json_text(description, "DeliveryStreamStatus");
    if (status == "ACTIVE") return description;
    if (status == "CREATING_FAILED")
      return Error{Errc::io, "delivery stream " + name + " could not be created: " +
                                 json_text(json_member(description, "FailureDescription"), "Details")};
    if (session.clock().steady_now() >= deadline)
      return Error{Errc::timed_out, "delivery stream " + name + " is still " + status +
                                        " after a minute; look again with: forebay delivery describe " + name};
    if (!session.console().pause(kStatusInterval)) return Error{Errc::cancelled, "stopped by the user"};
  }
}

Result<int> create(Session& session, const DeliveryCreateFlags& flags) {
  FB_TRY(KinesisClient* const streams, session.client());
  std::string arn;
  if (!flags.from.empty()) {
    FB_TRY(const StreamSummary source, streams->describe(flags.from));
    arn = source.arn;
  }
  FB_TRY(const Json request, delivery_request(flags, arn, session.files()));
  FB_TRY(KinesisTransport* const transport, session.transport());
  DeliveryClient client(*transport, {});
  FB_CHECK(client.create(request));
  FB_TRY(const Json description, wait_active(session, client, flags.name));
  if (session.json)
    print(session, description);
  else
    session.console().out("delivery stream " + flags.name + " is ACTIVE: " + source_text(description) + " to " +
                          printable(destination_text(description)) + ", cut " + cut_text(description) + "\n");
  return 0;
}

Result<int> describe(Session& session, const std::string& name) {
  FB_TRY(KinesisTransport* const transport, session.transport());
  FB_TRY(const Json description, DeliveryClient(*transport, {}).describe(name));
  if (session.json) {
    print(session, description);
    return 0;
  }
  const Json& created = json_member(description, "CreateTimestamp");
  const WallTime time =
      created.is_number() ? from_millis(static_cast<std::int64_t>(created.get<double>() * 1000.0)) : WallTime{};
  session.console().out("name         " + json_text(description, "DeliveryStreamName") + "\narn          " +
                        json_text(description, "DeliveryStreamARN") + "\nstatus       " +
                        json_text(description, "DeliveryStreamStatus") + "\nsource       " + source_text(description) +
                        "\ndestination  " + printable(destination_text(description)) + "\ncut          " +
                        cut_text(description) + "\nversion      " + json_text(description, "VersionId") +
                        "\ncreated      " + format_time(time) + "\n");
  return 0;
}

Result<int> set_paused(Session& session, const DeliveryStatusFlags& flags, bool paused) {
  FB_TRY(KinesisTransport* const transport, session.transport());
  FB_TRY(const Json changed, DeliveryClient(*transport, flags.account).set_paused(flags.name, paused));
  if (session.json)
    print(session, changed);
  else
    session.console().out("delivery stream " + flags.name +
                          (paused ? " is paused: records wait in the stream\n" : " is running\n"));
  return 0;
}

Result<int> remove(Session& session, const std::string& name, bool yes) {
  FB_TRY(KinesisTransport* const transport, session.transport());
  DeliveryClient client(*transport, {});
  FB_TRY(const Json description, client.describe(name));
  const bool direct = json_text(description, "DeliveryStreamType") == "DirectPut";
  if (!yes) {
    FB_CHECK(
        confirm_deletion(session, "delivery stream " + name, direct ? " with what it has not delivered" : "", name));
  }
  FB_CHECK(client.remove(name));
  if (session.json)
    print(session, Json{{"deleted", name}});
  else
    session.console().out("delivery stream " + name + " is deleted; its objects stay\n");
  return 0;
}

using Flags = std::shared_ptr<DeliveryFlags>;

void add_name(CLI::App& command, std::string& name) { command.add_option("name", name, "delivery stream")->required(); }

void add_account(CLI::App& command, std::string& account) {
  command.add_option("--account", account, "of this account, for keys of the gateway itself");
}

void add_bucket_options(CLI::App& make, DeliveryCreateFlags& flags) {
  make.add_option("--bucket", flags.bucket, "bucket of the objects; with --url, of records the endpoint refuses");
  make.add_option("--prefix", flags.prefix, "begins the keys; may hold !{timestamp:...} and its like");
  make.add_option("--error-prefix", flags.error_prefix, "the same for records that could not be processed");
  make.add_option("--buffer-size", flags.buffer_size_mib, "MiB that cut an object (default 5)")
      ->check(CLI::Range(1, 128));
  make.add_option("--buffer-interval", flags.buffer_interval_seconds, "seconds that cut an object (default 60)")
      ->check(CLI::Range(0, 900));
  make.add_option("--compression", flags.compression, "none, gzip, zip, snappy, hadoop-snappy or zstd (default none)")
      ->check(CLI::IsMember({"none", "gzip", "zip", "snappy", "hadoop-snappy", "zstd"}));
  make.add_flag("--newline", flags.newline, "a newline behind each record");
  make.add_option("--file-extension", flags.file_extension, "instead of that of the compression, e.g. .json.gz");
  make.add_option("--time-zone", flags.time_zone, "of dates in keys, e.g. Europe/Berlin (default UTC)");
  make.add_option("--partition-by", flags.partition_by,
                  "values for !{partitionKeyFromQuery:NAME} in the prefix, e.g. '{customer: .customer_id}'");
}

void add_endpoint_options(CLI::App& make, DeliveryCreateFlags& flags) {
  CLI::Option* const url = make.add_option("--url", flags.url, "HTTP endpoint or other sink instead of objects");
  make.add_option("--access-key-file", flags.access_key_file, "file with the endpoint's access key")->needs(url);
  make.add_option("--attribute", flags.attributes, "NAME=VALUE sent with every request")->needs(url);
  make.add_flag("--gzip-requests", flags.gzip_requests, "compressed request bodies")->needs(url);
  make.add_option("--retry", flags.retry_seconds, "seconds until refused records go to the bucket (default 300)")
      ->needs(url)
      ->check(CLI::Range(0, 7200));
  make.add_flag("--backup-all", flags.backup_all, "everything goes to the bucket too")->needs(url);
}

void add_create(CLI::App& command, Session& session, const Flags& flags) {
  CLI::App* const make = command.add_subcommand("create", "create a delivery stream and wait until it is usable");
  add_name(*make, flags->create.name);
  make->add_option("--from", flags->create.from, "stream to deliver; without it records come by Firehose's PutRecord");
  add_bucket_options(*make, flags->create);
  add_endpoint_options(*make, flags->create);
  make->add_option("--tag", flags->create.tags, "NAME=VALUE");
  make->footer(
      "Examples:\n"
      "  forebay delivery create web-lake --from web --bucket lake --prefix 'web/!{timestamp:yyyy/MM/dd}/' \\\n"
      "      --compression gzip --newline\n"
      "  forebay delivery create by-customer --from web --bucket lake --partition-by '{c: .customer_id}' \\\n"
      "      --prefix 'customer=!{partitionKeyFromQuery:c}/'\n"
      "  forebay delivery create alarms --from web --url https://host/in --access-key-file key --bucket refused\n"
      "  forebay delivery create to-kafka --from web --url kafka://broker:9092/web --bucket refused\n"
      "Sinks by URL: https, jsonl+https, function+https, exec, mqtt, kinesis+https, kafka (docs/SINKS.md).\n"
      "Parquet is set up in the gateway's configuration file, or by another client.");
  make->callback([&session, flags] { session.run = [&session, flags] { return create(session, flags->create); }; });
}

void add_views(CLI::App& command, Session& session, const Flags& flags) {
  CLI::App* const ls = command.add_subcommand("list", "one line per delivery stream: how far it is");
  add_account(*ls, flags->status.account);
  ls->footer("Examples:\n  forebay delivery list\n  forebay delivery list --json | jq '.[].status.lag_ms'");
  ls->callback([&session, flags] {
    session.run = [&session, flags] { return list_deliveries(session, flags->status.account); };
  });

  CLI::App* const show = command.add_subcommand("describe", "source, destination and settings");
  add_name(*show, flags->status.name);
  show->footer("Examples:\n  forebay delivery describe web-lake\n  forebay delivery describe web-lake --json");
  show->callback(
      [&session, flags] { session.run = [&session, flags] { return describe(session, flags->status.name); }; });

  CLI::App* const status = command.add_subcommand("status", "lag, records behind, last object, last error");
  add_name(*status, flags->status.name);
  add_account(*status, flags->status.account);
  status->add_flag("--follow,-f", flags->status.follow, "a line every second until Ctrl-C");
  status->footer("Examples:\n  forebay delivery status web-lake\n  forebay delivery status web-lake --follow");
  status->callback(
      [&session, flags] { session.run = [&session, flags] { return show_delivery_status(session, flags->status); }; });
}

void add_changes(CLI::App& command, Session& session, const Flags& flags) {
  const auto add_switch = [&](const char* name, const char* text, bool paused) {
    CLI::App* const sub = command.add_subcommand(name, text);
    add_name(*sub, flags->status.name);
    add_account(*sub, flags->status.account);
    sub->footer("Examples:\n  forebay delivery " + std::string(name) + " web-lake");
    sub->callback([&session, flags, paused] {
      session.run = [&session, flags, paused] { return set_paused(session, flags->status, paused); };
    });
  };
  add_switch("pause", "deliver nothing until resumed; records wait in the stream", true);
  add_switch("resume", "go on where it was paused", false);

  CLI::App* const del = command.add_subcommand("delete", "delete a delivery stream; its objects stay");
  add_name(*del, flags->status.name);
  del->add_flag("--yes", flags->yes, "do not ask");
  del->footer("Examples:\n  forebay delivery delete web-lake\n  forebay delivery delete web-lake --yes");
  del->callback([&session, flags] {
    session.run = [&session, flags] { return remove(session, flags->status.name, flags->yes); };
  });
}

void add_replay(CLI::App& command, Session& session, const Flags& flags) {
  CLI::App* const sub = command.add_subcommand("replay", "deliver a range of time once more, under names of its own");
  DeliveryReplayFlags& replay = flags->replay;
  add_name(*sub, replay.name);
  add_account(*sub, replay.account);
  sub->add_option("--from", replay.from, "start, an age (90s, 15m, 2h, 3d) or UTC time");
  sub->add_option("--to", replay.to, "the same, or latest; default latest");
  sub->add_option("--rate", replay.rate, "bytes per second at most, e.g. 50MB/s");
  CLI::Option* const cancel = sub->add_flag("--cancel", replay.cancel, "Ctrl-C cancels the replay; else it goes on");
  sub->add_flag("--detach", replay.detach, "do not wait for its end")->excludes(cancel);
  CLI::Option* const ls = sub->add_flag("--list", replay.list, "list the replays instead");
  CLI::Option* const watch = sub->add_option("--watch", replay.watch, "id of a replay to show instead")->excludes(ls);
  sub->add_option("--stop", replay.stop, "id of a replay to cancel instead")->excludes(ls)->excludes(watch);
  sub->footer(
      "Examples:\n"
      "  forebay delivery replay web-lake --from 2h\n"
      "  forebay delivery replay web-lake --from 2026-11-21T10:00 --to 2026-11-21T11:00 --rate 50MB/s\n"
      "  forebay delivery replay web-lake --list\n"
      "The gateway does the work, also over its restarts; Ctrl-C only ends the watching.");
  sub->callback(
      [&session, flags] { session.run = [&session, flags] { return run_delivery_replay(session, flags->replay); }; });
}

}  // namespace

void add_delivery_command(CLI::App& app, Session& session) {
  CLI::App* const command = app.add_subcommand("delivery", "deliver streams to buckets and other sinks");
  command->require_subcommand(1);
  command->fallthrough();
  const auto flags = std::make_shared<DeliveryFlags>();
  add_create(*command, session, flags);
  add_views(*command, session, flags);
  add_changes(*command, session, flags);
  add_replay(*command, session, flags);
}

}  // namespace forebay::cli
