#include "gateway/delivery_settings.h"

#include "gateway/delivery/stores/address_guard.h"

namespace forebay::gateway {
namespace {

constexpr std::string_view kUsualRegion = "us-east-1";

constexpr Option kRows[] = {
    {.name = "delivery.endpoint",
     .text = "Where buckets are: http(s)://HOST[:PORT] of an S3 server, or file:///FOLDER, each bucket a folder in it. "
             "AWS when not given.",
     .max = 1000},
    {.name = "delivery.region",
     .text = "Region that requests to the store are signed for; us-east-1 when neither this nor "
             "region is given.",
     .max = 64},
    {.name = "delivery.path_style",
     .type = OptionType::boolean,
     .default_value = "true",
     .text = "Buckets are in the path of URLs; false: in front of the host name. AWS itself has the second always."},
    {.name = "delivery.conditional_put",
     .type = OptionType::boolean,
     .default_value = "true",
     .text = "Puts with If-None-Match, so that nothing is ever overwritten; false for stores that do not know it: then "
             "each name is looked up first."},
    {.name = "delivery.credentials",
     .default_value = "environment",
     .text =
         "Keys of the store and of other Kinesis streams: environment (AWS_ACCESS_KEY_ID...), instance (role of the "
         "machine), file:PATH, or credential:NAME of systemd's LoadCredential=.",
     .max = 1000},
    {.name = "delivery.profile", .default_value = "default", .text = "Section of a credentials file.", .max = 128},
    {.name = "delivery.ca_file",
     .type = OptionType::path,
     .text = "Certificates that may sign those of stores and sinks; the system's when not given."},
    {.name = "delivery.allow_networks",
     .type = OptionType::string_list,
     .text = "Networks besides public ones that stores and sinks may be in: \"10.0.0.0/8\".",
     .max = 100},
    {.name = "delivery.functions",
     .type = OptionType::path,
     .text = "Folder of the programs that sinks exec:/PROGRAM may run; none may when not given."},
    {.name = "delivery.secrets",
     .type = OptionType::path,
     .text = "Folder of the password files that sinks may name (password_file=NAME); none may when not given."},
    {.name = "delivery.connections",
     .type = OptionType::integer,
     .default_value = "8",
     .text = "Connections to one bucket at a time.",
     .min = 1,
     .max = 64,
     .unit = "connections"},
    {.name = "delivery.threads",
     .type = OptionType::integer,
     .default_value = "2",
     .text = "Threads that read records, make objects and keep the state of delivery.",
     .min = 1,
     .max = 64},
    {.name = "delivery.memory",
     .type = OptionType::size,
     .default_value = "256 MiB",
     .text = "Memory for open objects; when it is spent, the largest is closed early.",
     .min = 16 << 20,
     .max = std::int64_t{64} << 30},
    {.name = "delivery.when_behind",
     .type = OptionType::enumeration,
     .default_value = "wait",
     .text = "What happens to records that expire before they are delivered: retention waits, and a full disk refuses "
             "puts; or they go, and a record of the loss is delivered in their place.",
     .allowed = "wait,drop"},
};

Result<delivery::StoreOptions> store_options(const Config& config, std::string_view region) {
  delivery::StoreOptions out;
  out.endpoint = config.text("delivery.endpoint");
  out.region = config.text("delivery.region");
  if (out.region.empty()) out.region = region.empty() ? kUsualRegion : region;
  out.path_style = config.boolean("delivery.path_style");
  out.conditional_put = config.boolean("delivery.conditional_put");
  out.credentials = config.text("delivery.credentials");
  out.profile = config.text("delivery.profile");
  out.ca_file = config.text("delivery.ca_file");
  out.allowed_networks = config.list("delivery.allow_networks");
  out.connections = static_cast<std::size_t>(config.integer("delivery.connections"));
  if (auto guard = delivery::AddressGuard::parse(out.allowed_networks); !guard)
    return config.problem("delivery.allow_networks", guard.error().context);
  return out;
}

}  // namespace

std::span<const Option> delivery_rows() { return kRows; }

Result<DeliveryOptions> delivery_options(const Config& config, std::string_view account, std::string_view region) {
  DeliveryOptions out;
  FB_TRY(out.stores, store_options(config, region));
  out.function_folder = config.text("delivery.functions");
  out.secret_folder = config.text("delivery.secrets");
  out.engine.workers = static_cast<std::size_t>(config.integer("delivery.threads"));
  out.engine.buffer_bytes_max = config.size("delivery.memory");
  out.engine.when_behind =
      config.text("delivery.when_behind") == "drop" ? delivery::WhenBehind::drop : delivery::WhenBehind::wait;
  FB_TRY(out.schemas, firehose::declared_schemas(config));
  FB_TRY(out.configured,
         firehose::configured_deliveries(config, out.schemas, account, region.empty() ? kUsualRegion : region));
  return out;
}

}  // namespace forebay::gateway
