#include "agent/source/mqtt_options.h"

#include <charconv>
#include <fstream>
#include <iterator>

namespace forebay::agent {

namespace {

constexpr Option kMqtt[] = {
    {.name = "url",
     .text = "Broker: mqtt://host:port, or mqtts://host:port for TLS.",
     .min = 1,
     .max = 512,
     .required = true},
    {.name = "topics",
     .type = OptionType::string_list,
     .text = "Topic filters, with + and #.",
     .min = 1,
     .max = 1000,
     .required = true},
    {.name = "qos",
     .type = OptionType::integer,
     .default_value = "1",
     .text = "1: a message is acknowledged when it is on disk. 0: not at all. 2 is refused: the client library would "
             "answer before the message is safe.",
     .min = 0,
     .max = 2},
    {.name = "client_id",
     .text = "Name of the session at the broker, the same at every start; forebay-<device>-<stream> when not given.",
     .max = 128},
    {.name = "user", .text = "User name.", .max = 256},
    {.name = "password_file", .type = OptionType::path, .text = "File that holds the password."},
    {.name = "ca_file",
     .type = OptionType::path,
     .text = "Certificates that may sign the broker's; the system's when not given."},
    {.name = "cert_file", .type = OptionType::path, .text = "Certificate of this client, with its chain."},
    {.name = "cert_key_file", .type = OptionType::path, .text = "Private key of that certificate."},
};

constexpr std::size_t kPasswordBytesMax = 64 * 1024;

Result<std::string> read_password(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{Errc::not_found, path + " cannot be read"};
  std::string password{std::istreambuf_iterator<char>(in), {}};
  while (!password.empty() && (password.back() == '\n' || password.back() == '\r')) password.pop_back();
  if (password.empty() || password.size() > kPasswordBytesMax)
    return Error{Errc::invalid_argument, path + " holds no password"};
  return password;
}

}  // namespace

std::span<const Option> mqtt_option_rows() { return kMqtt; }

Result<void> parse_mqtt_url(std::string_view url, MqttConnectOptions& options) {
  const Error bad{Errc::invalid_argument, "must be mqtt://host:port or mqtts://host:port"};
  options.tls = url.starts_with("mqtts://");
  if (!options.tls && !url.starts_with("mqtt://")) return bad;
  url.remove_prefix(options.tls ? 8 : 7);
  options.port = options.tls ? 8883 : 1883;
  if (url.ends_with('/')) url.remove_suffix(1);
  const std::size_t colon = url.rfind(':');
  const bool has_port = colon != std::string_view::npos && url.find(']', colon) == std::string_view::npos;
  if (has_port) {
    const std::string_view digits = url.substr(colon + 1);
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), options.port);
    if (failed != std::errc() || end != digits.data() + digits.size() || options.port == 0) return bad;
    url = url.substr(0, colon);
  }
  if (url.starts_with('[') && url.ends_with(']')) url = url.substr(1, url.size() - 2);
  if (url.empty() || url.find_first_of("/?#@ ") != std::string_view::npos) return bad;
  options.host = url;
  return {};
}

Result<MqttConnectOptions> mqtt_connect_options(const ConfigTable& table, const std::string& device) {
  MqttConnectOptions options;
  if (auto parsed = parse_mqtt_url(table.text("url"), options); !parsed.ok())
    return table.problem("url", parsed.error().context);
  options.qos = static_cast<int>(table.integer("qos"));
  if (options.qos == 2)
    return table.problem("qos",
                         "2 is not offered: the client library answers a message before it is on disk, so a power "
                         "cut would lose it; use 1, where a message may arrive twice but is never lost");
  options.topics = table.list("topics");
  options.client_id = table.text("client_id");
  if (options.client_id.empty()) options.client_id = "forebay-" + device + "-" + table.text("stream");
  options.user = table.text("user");
  options.ca_file = table.text("ca_file");
  options.cert_file = table.text("cert_file");
  options.key_file = table.text("cert_key_file");
  if (!options.tls && !(options.ca_file + options.cert_file + options.key_file).empty())
    return table.problem("url", "certificates need mqtts://");
  if (table.has("password_file")) {
    if (options.user.empty()) return table.problem("password_file", "a password needs a user");
    auto password = read_password(table.text("password_file"));
    if (!password.ok()) return table.problem("password_file", password.error().context);
    options.password = std::move(password).value();
  }
  return options;
}

}  // namespace forebay::agent
