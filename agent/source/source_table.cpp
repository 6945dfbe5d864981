#include "agent/source/source_table.h"

#include <algorithm>
#include <array>

#include "agent/source/file_source.h"
#include "agent/source/mqtt_options.h"
#include "agent/source/sensor_source.h"
#include "agent/source/stdin_source.h"

namespace forebay::agent {

namespace {

/// A partition key has at most 256 characters of UTF-8.
constexpr std::uint64_t kKeyBytesMax = 1024;
/// What a stream takes for a record with its key, unless it was made for larger ones.
constexpr std::uint64_t kStreamRecordBytes = 1 << 20;

constexpr Option kCommon[] = {
    {.name = "stream", .text = "Stream that the records go to.", .min = 1, .max = 128, .required = true},
    {.name = "key",
     .default_value = "{device}",
     .text = "Partition key: text with {device}, {path}, {file}, {topic}, {topic[N]}, {json:field.sub}. A missing "
             "field is replaced by the device.",
     .min = 1,
     .max = 1024},
};

constexpr Option kLineBytes{.name = "line_bytes_max",
                            .type = OptionType::size,
                            .default_value = "256 KiB",
                            .text = "Longest record; a longer line is cut and ends in \"...[truncated N bytes]\".",
                            .min = kLineBytesMinimum,
                            .max = kStreamRecordBytes - kKeyBytesMax};
constexpr Option kStripCr{.name = "strip_cr",
                          .type = OptionType::boolean,
                          .default_value = "false",
                          .text = "Lines end in CR LF: drop the CR too."};

constexpr Option kFile[] = {
    {.name = "paths",
     .type = OptionType::string_list,
     .text = "Absolute paths; *, ? and [a-z] match within one part, a part ** any folders. Rotated files are followed "
             "by themselves.",
     .min = 1,
     .max = 1000,
     .required = true},
    {.name = "exclude",
     .type = OptionType::string_list,
     .text = "Patterns of files that are not followed.",
     .max = 1000},
    {.name = "from",
     .type = OptionType::enumeration,
     .default_value = "start",
     .text = "Where files that exist at the very first start are read from; later files are read from their start.",
     .allowed = "start,end"},
    kLineBytes,
    kStripCr,
    {.name = "open_files_max",
     .type = OptionType::integer,
     .default_value = "256",
     .text = "Files held open at a time; the rest are opened in turn.",
     .min = 1,
     .max = 100'000,
     .unit = "files"},
};

constexpr Option kSensor[] = {
    {.name = "sensors",
     .type = OptionType::string_list,
     .text = "Groups found on the machine: load, memory, thermal, hwmon.",
     .max = 4},
    {.name = "paths",
     .type = OptionType::string_list,
     .text = "Files whose first number is read; *, ? and [a-z] allowed.",
     .max = 1000},
    {.name = "scale", .default_value = "1", .text = "Factor of the numbers of paths, e.g. 0.001.", .min = 1, .max = 32},
    {.name = "unit", .text = "Unit of the scaled numbers of paths.", .max = 32},
    {.name = "interval",
     .type = OptionType::duration,
     .default_value = "10 s",
     .text = "Time between samples.",
     .min = 10,
     .max = 86'400'000},
};

constexpr Option kStdin[] = {kLineBytes, kStripCr};

Result<KeyTemplate> key_template(const ConfigTable& table) {
  auto key = KeyTemplate::compile(table.text("key"));
  if (!key.ok()) return table.problem("key", key.error().context);
  return key;
}

Result<void> check_absolute(const ConfigTable& table, std::string_view name) {
  for (const std::string& path : table.list(name))
    if (!path.starts_with('/')) return table.problem(name, "\"" + path + "\" must be an absolute path");
  return {};
}

LineOptions line_options(const ConfigTable& table, const SourceContext& context) {
  const std::uint64_t bytes = std::min(table.size("line_bytes_max"), line_bytes_within(context.record_bytes_max));
  return {static_cast<std::size_t>(bytes), table.boolean("strip_cr")};
}

Result<std::unique_ptr<Source>> make_file(const ConfigTable& table, const std::string& name,
                                          const SourceContext& context) {
  FileSourceOptions options;
  options.name = name;
  FB_CHECK(check_absolute(table, "paths"));
  FB_CHECK(check_absolute(table, "exclude"));
  options.follow.paths = table.list("paths");
  options.follow.exclude = table.list("exclude");
  options.follow.stream = table.text("stream");
  options.follow.from_end = table.text("from") == "end";
  options.follow.handles_max = static_cast<std::size_t>(table.integer("open_files_max"));
  options.follow.reader.device = context.device;
  options.follow.reader.lines = line_options(table, context);
  FB_TRY(options.follow.reader.key, key_template(table));
  return std::unique_ptr<Source>(std::make_unique<FileSource>(context.loop, context.make_watcher(), context.clock,
                                                              context.log.child("file"), std::move(options)));
}

Result<double> scale_of(const ConfigTable& table) {
  const std::string& text = table.text("scale");
  char* end = nullptr;
  const double scale = std::strtod(text.c_str(), &end);
  if (end != text.c_str() + text.size() || !(scale != 0) || scale - scale != 0)
    return table.problem("scale", "must be a number other than 0, as 0.001");
  return scale;
}

Result<std::unique_ptr<Source>> make_sensor(const ConfigTable& table, const std::string& name,
                                            const SourceContext& context) {
  SensorSourceOptions options;
  options.name = name;
  options.interval = table.duration("interval");
  options.reader.device = context.device;
  options.reader.stream = table.text("stream");
  FB_TRY(options.reader.key, key_template(table));
  FB_CHECK(check_absolute(table, "paths"));
  FB_TRY(const double scale, scale_of(table));
  for (const std::string& path : table.list("paths"))
    options.reader.rules.push_back({path, scale, table.text("unit"), "", 0, ""});
  for (const std::string& group : table.list("sensors")) {
    auto rules = sensor_group(group);
    if (!rules.ok()) return table.problem("sensors", rules.error().context);
    options.reader.rules.insert(options.reader.rules.end(), rules->begin(), rules->end());
  }
  if (options.reader.rules.empty()) return table.problem("paths", "give paths or sensors, there is nothing to read");
  return std::unique_ptr<Source>(std::make_unique<SensorSource>(context.loop, context.make_watcher(), context.clock,
                                                                context.log.child("sensor"), std::move(options),
                                                                context.blocking()));
}

Result<std::unique_ptr<Source>> make_mqtt(const ConfigTable& table, const std::string& name,
                                          const SourceContext& context) {
  MqttSourceOptions options;
  options.name = name;
  options.device = context.device;
  options.stream = table.text("stream");
  FB_TRY(options.key, key_template(table));
  FB_TRY(options.connect, mqtt_connect_options(table, context.device));
  const std::uint64_t payload =
      std::min<std::uint64_t>(options.payload_bytes_max, line_bytes_within(context.record_bytes_max));
  options.payload_bytes_max = static_cast<std::size_t>(payload);
  const auto load = [] { return load_mqtt_library(); };
  return std::unique_ptr<Source>(std::make_unique<MqttSource>(load, context.clock, context.entropy,
                                                              context.log.child("mqtt"), std::move(options)));
}

Result<std::unique_ptr<Source>> make_stdin(const ConfigTable& table, const std::string& name,
                                           const SourceContext& context) {
  StdinSourceOptions options;
  options.name = name;
  options.device = context.device;
  options.stream = table.text("stream");
  options.lines = line_options(table, context);
  FB_TRY(options.key, key_template(table));
  return std::unique_ptr<Source>(std::make_unique<StdinSource>(context.loop, context.standard_input, context.clock,
                                                               context.log.child("stdin"), std::move(options)));
}

struct SourceRow {
  std::string_view type;
  std::span<const Option> options;
  std::string_view text;
  Result<std::unique_ptr<Source>> (*make)(const ConfigTable&, const std::string&, const SourceContext&);
};

std::array<SourceRow, 4> rows() {
  return {
      {{"file", kFile, "Follows files line by line, through rotation of every usual kind.", make_file},
       {"sensor", kSensor, "Reads numbers from files under /proc and /sys at an interval.", make_sensor},
       {"mqtt", mqtt_option_rows(), "Subscribes at an MQTT broker (3.1.1); acknowledges what is on disk.", make_mqtt},
       {"stdin", kStdin, "Lines of standard input, also as --stdin --stream NAME.", make_stdin}}};
}

}  // namespace

OptionTable source_options() {
  OptionTable table{.name = "source",
                    .selector = "type",
                    .common = kCommon,
                    .variants = {},
                    .text = "Where records come from. May be given many times."};
  for (const SourceRow& row : rows()) table.variants.push_back({row.type, row.options, row.text});
  return table;
}

std::uint64_t line_bytes_within(std::uint64_t record_bytes_max) {
  const std::uint64_t record = std::min(record_bytes_max, kStreamRecordBytes);
  return record - std::min(record, kKeyBytesMax);
}

Result<std::unique_ptr<Source>> make_source(const ConfigTable& table, std::size_t number,
                                            const SourceContext& context) {
  const std::string name = "source " + std::to_string(number) + " (" + table.variant() + ")";
  for (const SourceRow& row : rows())
    if (row.type == table.variant()) return row.make(table, name, context);
  return table.problem("type", "unknown source type \"" + table.variant() + "\"");
}

void add_stdin_source(Config& config, const std::string& stream, const std::string& key) {
  static const OptionTable options = source_options();
  ConfigTable table("stdin", "--stdin", options_of(options, "stdin"));
  table.set("stream", {stream, "--stream", true});
  table.set("key", {key.empty() ? std::string("{device}") : key, "--key", !key.empty()});
  table.set("line_bytes_max", {static_cast<std::int64_t>(256_KiB), "default", false});
  table.set("strip_cr", {false, "default", false});
  config.add_table("source", std::move(table));
}

}  // namespace forebay::agent
