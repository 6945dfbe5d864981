#include "gateway/gateway_options.h"

#include <algorithm>
#include <thread>

#include "gateway/delivery_settings.h"
#include "gateway/kinesis/encryption.h"

namespace forebay::gateway {
namespace {

constexpr Option kOptions[] = {
    {.name = "data",
     .type = OptionType::path,
     .default_value = "./forebay-data",
     .text = "Folder of streams, keys and journal; made when missing."},
    {.name = "listen",
     .default_value = "127.0.0.1:4567",
     .text = "Address and port of the API: Kinesis calls and uploads. Port 0 takes a free one."},
    {.name = "admin",
     .default_value = "127.0.0.1:4568",
     .text = "Address and port of health, metrics and version; plain HTTP without keys, so keep it on this machine."},
    {.name = "insecure",
     .type = OptionType::boolean,
     .default_value = "false",
     .text = "Allows other machines to connect without TLS, or without authentication."},
    {.name = "tls.certificate_file",
     .type = OptionType::path,
     .text = "Certificate chain, PEM; with it the API speaks TLS only."},
    {.name = "tls.key_file", .type = OptionType::path, .text = "Private key of the certificate, PEM."},
    {.name = "auth.mode",
     .type = OptionType::enumeration,
     .default_value = "on",
     .text = "off takes every request without looking at its signature: for development.",
     .allowed = "on,off"},
    {.name = "auth.key_file",
     .type = OptionType::path,
     .text = "One more file of access keys, mode 0600, beside admin.key and keys.json of the data folder."},
    {.name = "encryption.key_file",
     .type = OptionType::path,
     .text = "32 random bytes (openssl rand -hex 32), mode 0600: the key of streams whose encryption is started with "
             "alias/aws/kinesis. Without it systemd's credential forebay-encryption-key, if there is one."},
    {.name = "region",
     .text = "The only region that signatures may be made for; any when not given. Also the region in ARNs.",
     .max = 64},
    {.name = "account",
     .default_value = "000000000000",
     .text = "Account number in ARNs and messages: 12 digits.",
     .min = 12,
     .max = 12},
    {.name = "auto_create_streams",
     .type = OptionType::boolean,
     .default_value = "false",
     .text = "Creates a stream that a put or an upload names and that does not exist, with four shards."},
    {.name = "threads",
     .type = OptionType::integer,
     .default_value = "0",
     .text = "Event loops; 0: one per processor.",
     .min = 0,
     .max = 64},
    {.name = "limits.connections",
     .type = OptionType::integer,
     .default_value = "20000",
     .text = "Connections of the API at a time; more are closed at once. Fewer where the limit of open files is lower.",
     .min = 1,
     .max = 1'000'000,
     .unit = "connections"},
    {.name = "limits.body_memory",
     .type = OptionType::size,
     .default_value = "64 MiB",
     .text = "Memory for request bodies; when it is spent, reading pauses.",
     .min = 20 << 20,
     .max = std::int64_t{64} << 30},
    {.name = "limits.shards",
     .type = OptionType::integer,
     .default_value = "20000",
     .text = "Open shards of all streams.",
     .min = 1,
     .max = 1'000'000,
     .unit = "shards"},
    {.name = "limits.per_shard",
     .type = OptionType::boolean,
     .default_value = "false",
     .text = "Refuses what goes over the rates per shard with the service's errors, for trying clients against them. "
             "Off: no ceiling but the disk."},
    {.name = "limits.shard_write",
     .type = OptionType::size,
     .default_value = "1 MiB",
     .text = "Data with partition keys that a limited shard takes in a second.",
     .min = 1024},
    {.name = "limits.shard_write_records",
     .type = OptionType::integer,
     .default_value = "1000",
     .text = "Records that a limited shard takes in a second.",
     .min = 1,
     .max = 10'000'000,
     .unit = "records"},
    {.name = "limits.shard_read",
     .type = OptionType::size,
     .default_value = "2 MiB",
     .text = "Data with partition keys that GetRecords gives from a limited shard in a second.",
     .min = 1024},
    {.name = "limits.shard_reads",
     .type = OptionType::integer,
     .default_value = "5",
     .text = "GetRecords calls, and as many GetShardIterator calls, that a limited shard answers in a second.",
     .min = 1,
     .max = 1'000'000,
     .unit = "calls"},
    {.name = "limits.idle_timeout",
     .type = OptionType::duration,
     .default_value = "75 s",
     .text = "How long a connection may rest between two requests.",
     .min = 1000,
     .max = 3'600'000},
    {.name = "drain_timeout",
     .type = OptionType::duration,
     .default_value = "10 s",
     .text = "How long running requests may take to end when the gateway stops.",
     .min = 0,
     .max = 600'000},
    {.name = "storage.free_space_floor",
     .type = OptionType::size,
     .default_value = "512 MiB",
     .text = "Free space of the file system below which puts are refused; reading goes on.",
     .min = 0},
    {.name = "storage.checkpoint_interval",
     .type = OptionType::duration,
     .default_value = "60 s",
     .text = "Longest time between two checkpoints while anything is written.",
     .min = 1000,
     .max = 3'600'000},
    {.name = "log.level",
     .type = OptionType::enumeration,
     .default_value = "info",
     .text = "Least level of the lines on standard error.",
     .allowed = "debug,info,warning,error"},
};

/// More keys for encryption at rest.
constexpr Option kEncryptionKey[] = {
    {.name = "name",
     .text = "alias/NAME or a UUID: what StartStreamEncryption calls it, also at the end of an ARN.",
     .min = 1,
     .max = 256,
     .required = true},
    {.name = "key_file", .type = OptionType::path, .text = "File as encryption.key_file.", .required = true},
};

/// A stream's own answer to limits.per_shard and its rates.
constexpr Option kStreamLimits[] = {
    {.name = "stream", .text = "Name of the stream.", .min = 1, .max = 128, .required = true},
    {.name = "per_shard",
     .type = OptionType::boolean,
     .default_value = "true",
     .text = "false takes the limits off this stream."},
    {.name = "write", .type = OptionType::size, .text = "In place of limits.shard_write.", .min = 1024},
    {.name = "write_records",
     .type = OptionType::integer,
     .text = "In place of limits.shard_write_records.",
     .min = 1,
     .max = 10'000'000,
     .unit = "records"},
    {.name = "read", .type = OptionType::size, .text = "In place of limits.shard_read.", .min = 1024},
    {.name = "reads",
     .type = OptionType::integer,
     .text = "In place of limits.shard_reads.",
     .min = 1,
     .max = 1'000'000,
     .unit = "calls"},
};

LogLevel log_level(std::string_view name) {
  if (name == "debug") return LogLevel::debug;
  if (name == "warning") return LogLevel::warning;
  if (name == "error") return LogLevel::error;
  return LogLevel::info;
}

Result<http::ListenAddress> address(const Config& config, std::string_view name) {
  auto parsed = http::parse_listen_address(config.text(name));
  if (!parsed) return config.problem(name, parsed.error().context);
  return parsed;
}

/// Nobody opens a gateway to the network by accident.
Result<void> check_exposure(const Config& config, const GatewayOptions& options) {
  const bool tls = !options.tls_certificate_file.empty();
  if (tls != !options.tls_key_file.empty())
    return config.problem(tls ? "tls.key_file" : "tls.certificate_file",
                          "certificate and key belong together: give both --tls-cert and --tls-key");
  if (options.insecure) return {};
  if (!options.admin.is_loopback())
    return config.problem(
        "admin", "the admin port has no keys; keep it on 127.0.0.1, or pass --insecure if the network is trusted");
  if (options.listen.is_loopback()) return {};
  if (!tls)
    return config.problem("listen",
                          "other machines could connect without TLS; give --tls-cert and --tls-key, or pass --insecure "
                          "if the network is trusted");
  if (options.auth_off)
    return config.problem("auth.mode",
                          "other machines could connect without a key; leave authentication on, or pass --insecure if "
                          "the network is trusted");
  return {};
}

kinesis::ShardRates common_rates(const Config& config) {
  kinesis::ShardRates rates;
  rates.write_bytes = static_cast<double>(config.size("limits.shard_write"));
  rates.write_records = static_cast<double>(config.integer("limits.shard_write_records"));
  rates.read_bytes = static_cast<double>(config.size("limits.shard_read"));
  rates.reads = static_cast<double>(config.integer("limits.shard_reads"));
  return rates;
}

kinesis::ShardLimitOptions shard_rates(const Config& config) {
  kinesis::ShardLimitOptions options;
  const kinesis::ShardRates common = common_rates(config);
  if (config.boolean("limits.per_shard")) options.common = common;
  for (const ConfigTable& table : config.tables("stream_limits")) {
    std::optional<kinesis::ShardRates>& own = options.streams[table.text("stream")];
    own.reset();
    if (!table.boolean("per_shard")) continue;
    own = common;
    if (table.given("write")) own->write_bytes = static_cast<double>(table.size("write"));
    if (table.given("write_records")) own->write_records = static_cast<double>(table.integer("write_records"));
    if (table.given("read")) own->read_bytes = static_cast<double>(table.size("read"));
    if (table.given("reads")) own->reads = static_cast<double>(table.integer("reads"));
  }
  return options;
}

Result<void> fill_encryption(const Config& config, GatewayOptions& options) {
  options.encryption.key_file = config.text("encryption.key_file");
  for (const ConfigTable& table : config.tables("encryption_key")) {
    const std::string& name = table.text("name");
    if (name.starts_with("arn:") || !kinesis::is_key_id(name))
      return table.problem("name", "must be alias/NAME or a UUID, not " + name);
    options.encryption.named.push_back({name, table.text("key_file")});
  }
  return {};
}

void fill_limits(const Config& config, GatewayOptions& options) {
  const auto threads = static_cast<std::size_t>(config.integer("threads"));
  options.threads = threads != 0 ? threads : std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 64);
  options.body_memory_bytes = config.size("limits.body_memory");
  options.shard_limit = static_cast<std::uint64_t>(config.integer("limits.shards"));
  options.shard_rates = shard_rates(config);
  options.http.connections_max = static_cast<std::size_t>(config.integer("limits.connections"));
  options.http.idle_timeout = config.duration("limits.idle_timeout");
  options.drain_timeout = config.duration("drain_timeout");
  options.log.free_space_floor = config.size("storage.free_space_floor");
  options.log.checkpoint_interval = config.duration("storage.checkpoint_interval");
}

}  // namespace

const ConfigSchema& gateway_schema() {
  static const std::vector<Option> options = [] {
    std::vector<Option> all(std::begin(kOptions), std::end(kOptions));
    all.insert(all.end(), delivery_rows().begin(), delivery_rows().end());
    return all;
  }();
  static const ConfigSchema schema{
      .options = options,
      .tables = {{.name = "stream_limits",
                  .common = kStreamLimits,
                  .text = "Limits per shard of single streams, whatever `limits.per_shard` says of the others."},
                 {.name = "encryption_key",
                  .common = kEncryptionKey,
                  .text = "More keys for encryption at rest: for single streams, and former keys until retention has "
                          "taken what they encrypted."},
                 firehose::delivery_stream_table(),
                 firehose::delivery_schema_table()}};
  return schema;
}

Result<GatewayOptions> gateway_options(const Config& config) {
  GatewayOptions options;
  options.data = config.text("data");
  while (options.data.size() > 1 && options.data.ends_with('/')) options.data.pop_back();
  FB_TRY(options.listen, address(config, "listen"));
  FB_TRY(options.admin, address(config, "admin"));
  options.auth_off = config.text("auth.mode") == "off";
  options.insecure = config.boolean("insecure");
  options.key_file = config.text("auth.key_file");
  options.tls_certificate_file = config.text("tls.certificate_file");
  options.tls_key_file = config.text("tls.key_file");
  options.region = config.text("region");
  options.account = config.text("account");
  if (!std::all_of(options.account.begin(), options.account.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return config.problem("account", "must be 12 digits");
  options.auto_create_streams = config.boolean("auto_create_streams");
  options.log_level = log_level(config.text("log.level"));
  fill_limits(config, options);
  FB_CHECK(fill_encryption(config, options));
  FB_TRY(options.delivery, delivery_options(config, options.account, options.region));
  FB_CHECK(check_exposure(config, options));
  return options;
}

}  // namespace forebay::gateway
