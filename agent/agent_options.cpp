#include "agent/agent_options.h"

#include "agent/source/source_table.h"
#include "spool/spool_limit.h"

namespace forebay::agent {
namespace {

constexpr Option kOptions[] = {
    {.name = "device",
     .text = "Name of this device in keys, records and declared gaps; the host name when not given.",
     .min = 1,
     .max = 128},
    {.name = "gateway.url", .text = "Where records go: scheme, host and port of a forebay-gateway.", .required = true},
    {.name = "gateway.key_file",
     .type = OptionType::path,
     .text = "File with access_key_id and secret_access_key, mode 0600; without it requests are not signed."},
    {.name = "gateway.ca_file",
     .type = OptionType::path,
     .text = "Certificates that may sign the gateway's certificate; the system's when not given."},
    {.name = "gateway.region", .default_value = "us-east-1", .text = "Region that requests are signed for.", .max = 64},
    {.name = "spool.path",
     .type = OptionType::path,
     .default_value = "/var/lib/forebay-agent/spool",
     .text = "Folder of the spool, on a disk that survives a restart."},
    {.name = "spool.max_size",
     .type = OptionType::size,
     .default_value = "1 GiB",
     .text = "Disk space of the spool, exact to one journal file.",
     .min = 4 << 20},
    {.name = "spool.when_full",
     .type = OptionType::enumeration,
     .default_value = "drop_oldest",
     .text = "What happens at max_size: the oldest records go, new ones go, or sources wait. Losses are declared.",
     .allowed = "drop_oldest,drop_newest,block"},
    {.name = "spool.free_space_floor",
     .type = OptionType::size,
     .default_value = "64 MiB",
     .text = "Free space of the file system below which the spool counts as full.",
     .min = 0},
    {.name = "spool.scrub_interval",
     .type = OptionType::duration,
     .default_value = "24 h",
     .text = "How often all unsent data is read back from the disk and checked; the first time after a twenty-fourth "
             "of it.",
     .min = 1'000,
     .max = 31LL * 86'400'000},
    {.name = "upload.batch_age",
     .type = OptionType::duration,
     .default_value = "1 s",
     .text = "How old the first record of a batch may get before it is sent.",
     .min = 10,
     .max = 3'600'000},
    {.name = "upload.batch_size",
     .type = OptionType::size,
     .default_value = "1 MiB",
     .text = "Size of a batch before compression; a full one is sent at once.",
     .min = 4096,
     .max = 4 << 20},
    {.name = "upload.compression",
     .type = OptionType::enumeration,
     .default_value = "lz4",
     .text = "Compression of batches.",
     .allowed = "lz4,none"},
    {.name = "log.level",
     .type = OptionType::enumeration,
     .default_value = "info",
     .text = "Least level of the lines on standard error.",
     .allowed = "debug,info,warning,error"},
};

LogLevel log_level(std::string_view name) {
  if (name == "debug") return LogLevel::debug;
  if (name == "warning") return LogLevel::warning;
  if (name == "error") return LogLevel::error;
  return LogLevel::info;
}

spool::WhenFull when_full(std::string_view name) {
  if (name == "drop_newest") return spool::WhenFull::drop_newest;
  if (name == "block") return spool::WhenFull::block;
  return spool::WhenFull::drop_oldest;
}

Result<AgentOptions::Gateway> gateway_options(const Config& config) {
  AgentOptions::Gateway gateway;
  gateway.url = config.text("gateway.url");
  const bool tls = gateway.url.starts_with("https://");
  if (!tls && !gateway.url.starts_with("http://"))
    return config.problem("gateway.url", "must begin with https:// or http://");
  if (gateway.url.find_first_of(" ?#") != std::string::npos || gateway.url.size() <= (tls ? 8u : 7u))
    return config.problem("gateway.url", "must be scheme, host and port, as https://gw.example:4567");
  while (gateway.url.ends_with('/')) gateway.url.pop_back();
  gateway.key_file = config.text("gateway.key_file");
  gateway.ca_file = config.text("gateway.ca_file");
  if (!gateway.ca_file.empty() && !tls)
    return config.problem("gateway.ca_file", "is of no use with an http:// url; use https://");
  gateway.region = config.text("gateway.region");
  return gateway;
}

/// A line limit that somebody chose must fit the spool; the default is lowered to it.
Result<void> check_line_limits(const AgentOptions& options) {
  const std::uint64_t record = spool::spool_sizes(options.spool).record_bytes_max;
  const std::uint64_t line = line_bytes_within(record);
  for (const ConfigTable* source : options.sources) {
    const bool lines = source->variant() == "file" || source->variant() == "stdin";
    if (!lines || !source->given("line_bytes_max") || source->size("line_bytes_max") <= line) continue;
    return source->problem("line_bytes_max", "is more than the " + std::to_string(line) +
                                                 " bytes that fit a record of this spool with its key (a quarter of a "
                                                 "journal file, which is a sixteenth of spool.max_size): raise "
                                                 "spool.max_size or lower line_bytes_max");
  }
  return {};
}

}  // namespace

const ConfigSchema& agent_schema() {
  static const ConfigSchema schema{.options = kOptions, .tables = {source_options()}};
  return schema;
}

Result<AgentOptions> agent_options(const Config& config) {
  AgentOptions options;
  options.device = config.text("device");
  FB_TRY(options.gateway, gateway_options(config));
  options.spool_path = config.text("spool.path");
  options.spool.max_bytes = config.size("spool.max_size");
  options.spool.free_space_floor = config.size("spool.free_space_floor");
  options.spool.when_full = when_full(config.text("spool.when_full"));
  options.scrub_interval = config.duration("spool.scrub_interval");
  options.upload.batch_age = config.duration("upload.batch_age");
  options.upload.batch_bytes_max = config.size("upload.batch_size");
  options.upload.codec = config.text("upload.compression") == "none" ? 0 : 3;
  options.log_level = log_level(config.text("log.level"));
  for (const ConfigTable& source : config.tables("source")) options.sources.push_back(&source);
  FB_CHECK(check_line_limits(options));
  return options;
}

}  // namespace forebay::agent
