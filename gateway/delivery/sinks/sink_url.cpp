#include "gateway/delivery/sinks/sink_url.h"

#include <algorithm>

#include "gateway/delivery/sinks/host_port.h"
#include "gateway/delivery/sinks/kafka_settings.h"
#include "gateway/delivery/sinks/topic_template.h"
#include "gateway/delivery/sinks/url_query.h"
#include "wire/aws/uri.h"
#include "wire/kinesis/rules.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::size_t kUrlBytesMax = 4096;
constexpr std::uint16_t kMqttPort = 1883;
constexpr std::uint16_t kMqttsPort = 8883;
constexpr std::uint16_t kKafkaPort = 9092;

Error wrong(std::string sentence) { return Error{Errc::invalid_argument, std::move(sentence)}; }

struct Parts {
  std::string_view scheme;     ///< "http" of "jsonl+http"
  std::string_view authority;  ///< empty for exec
  std::string_view path;
  std::string_view query;
};

Parts split(std::string_view scheme, std::string_view rest) {
  Parts parts;
  parts.scheme = scheme;
  if (const std::size_t question = rest.find('?'); question != std::string_view::npos) {
    parts.query = rest.substr(question + 1);
    rest = rest.substr(0, question);
  }
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    parts.authority = rest.substr(0, rest.find('/'));
    rest.remove_prefix(parts.authority.size());
  }
  parts.path = rest;
  return parts;
}

/// scheme://authority/path?query of a URL that curl is to open.
Result<std::string> http_url(const Parts& parts, std::string_view query) {
  FB_CHECK(parse_host_port(parts.authority, 443));
  std::string url = std::string(parts.scheme) + "://" + std::string(parts.authority);
  url.append(parts.path.empty() ? "/" : parts.path);
  if (!query.empty()) url.append("?").append(query);
  return url;
}

Result<SinkDestination> parse_http(const Parts& parts, bool json_lines) {
  HttpDestination out;
  FB_TRY(out.url, http_url(parts, parts.query));
  out.json_lines = json_lines;
  return SinkDestination(std::move(out));
}

void take_function_parameters(UrlQuery& query, FunctionDestination& out) {
  out.batch_size = static_cast<std::uint32_t>(query.number("batch_size", out.batch_size, 1, 10'000));
  out.window_seconds = static_cast<std::uint32_t>(query.number("window", out.window_seconds, 0, 300));
  out.bisect_on_error = query.flag("bisect", out.bisect_on_error);
  out.report_item_failures = query.flag("report_item_failures", out.report_item_failures);
  out.attempts_max = query.number("attempts", out.attempts_max, 0, 10'000, -1);
  out.record_age_max_seconds = query.number("max_age", out.record_age_max_seconds, 60, 604'800, -1);
  out.parallel_per_shard = static_cast<std::uint32_t>(query.number("parallel", out.parallel_per_shard, 1, 10));
}

Result<SinkDestination> parse_function(const Parts& parts) {
  FunctionDestination out;
  UrlQuery query(parts.query);
  take_function_parameters(query, out);
  FB_CHECK(query.check());
  FB_TRY(out.url, http_url(parts, query.rest()));
  return SinkDestination(std::move(out));
}

Result<SinkDestination> parse_exec(const Parts& parts) {
  FunctionDestination out;
  UrlQuery query(parts.query);
  take_function_parameters(query, out);
  std::vector<std::string> arguments = query.list("arg");
  FB_CHECK(query.check_all_taken());
  const std::string program = wire::aws::uri_decode(parts.path);
  if (!parts.authority.empty() || !program.starts_with('/'))
    return wrong("the program must be an absolute path: exec:/usr/local/lib/functions/name");
  const bool hidden_nul = std::any_of(arguments.begin(), arguments.end(),
                                      [](const std::string& text) { return text.find('\0') != std::string::npos; });
  if (hidden_nul || program.find('\0') != std::string::npos) return wrong("program and arguments must be without NUL");
  out.command = {program};
  out.command.insert(out.command.end(), arguments.begin(), arguments.end());
  return SinkDestination(std::move(out));
}

Result<SinkDestination> parse_mqtt(const Parts& parts) {
  MqttDestination out;
  const bool tls = parts.scheme == "mqtts";
  FB_TRY(const HostPort host, parse_host_port(parts.authority, tls ? kMqttsPort : kMqttPort));
  const std::string shown = host.host.find(':') == std::string::npos ? host.host : "[" + host.host + "]";
  out.url = std::string(parts.scheme) + "://" + shown + ":" + std::to_string(host.port);
  out.topic = wire::aws::uri_decode(parts.path.substr(std::min<std::size_t>(1, parts.path.size())));
  FB_CHECK(TopicTemplate::compile(out.topic));
  UrlQuery query(parts.query);
  out.qos = static_cast<int>(query.number("qos", 1, 0, 1));
  out.user = query.text("user");
  out.password_file = query.text("password_file");
  out.ca_file = query.text("ca_file");
  if (out.user.empty() && !out.password_file.empty()) query.fail("parameter password_file needs user");
  if (!tls && !out.ca_file.empty()) query.fail("parameter ca_file needs mqtts:");
  FB_CHECK(query.check_all_taken());
  return SinkDestination(std::move(out));
}

/// eu-west-1 of kinesis.eu-west-1.amazonaws.com and of the service's other names; empty for other hosts.
std::string region_of_host(std::string_view host) {
  for (const std::string_view service : {"kinesis.", "kinesis-fips."})
    for (const std::string_view domain : {".amazonaws.com", ".api.aws"})
      if (const std::size_t end = host.find(domain);
          host.starts_with(service) && end != std::string_view::npos && end > service.size())
        return std::string(host.substr(service.size(), end - service.size()));
  return {};
}

Result<SinkDestination> parse_kinesis(const Parts& parts) {
  KinesisDestination out;
  FB_TRY(const HostPort host, parse_host_port(parts.authority, 443));
  out.url = std::string(parts.scheme) + "://" + std::string(parts.authority);
  out.stream = wire::aws::uri_decode(parts.path.substr(std::min<std::size_t>(1, parts.path.size())));
  if (out.stream.size() > 128 || !wire::kinesis::patterns::kName.matches(out.stream))
    return wrong("the path must be the name of a stream: 1 to 128 letters, digits, '_', '.' or '-'");
  UrlQuery query(parts.query);
  out.region = query.text("region", region_of_host(host.host));
  out.order_per_key = query.word("order", {"key", "none"}) == "key";
  FB_CHECK(query.check_all_taken());
  return SinkDestination(std::move(out));
}

Result<SinkDestination> parse_kafka(const Parts& parts) {
  KafkaDestination out;
  for (std::string_view rest = parts.authority;; rest.remove_prefix(1)) {
    const std::string_view broker = rest.substr(0, rest.find(','));
    FB_TRY(const HostPort host, parse_host_port(broker, kKafkaPort));
    out.brokers.append(out.brokers.empty() ? "" : ",").append(broker);
    if (broker.find(':') == std::string_view::npos) out.brokers += ":" + std::to_string(host.port);
    rest.remove_prefix(broker.size());
    if (rest.empty()) break;
  }
  out.topic = wire::aws::uri_decode(parts.path.substr(std::min<std::size_t>(1, parts.path.size())));
  out.settings = UrlQuery(parts.query).left();
  FB_CHECK(check_kafka_destination(out));
  return SinkDestination(std::move(out));
}

Result<SinkDestination> parse(std::string_view scheme, std::string_view rest) {
  if (scheme == "https" || scheme == "http") return parse_http(split(scheme, rest), false);
  if (scheme == "jsonl+https" || scheme == "jsonl+http") return parse_http(split(scheme.substr(6), rest), true);
  if (scheme == "function+https" || scheme == "function+http") return parse_function(split(scheme.substr(9), rest));
  if (scheme == "exec") return parse_exec(split(scheme, rest));
  if (scheme == "mqtt" || scheme == "mqtts") return parse_mqtt(split(scheme, rest));
  if (scheme == "kinesis+https" || scheme == "kinesis+http") return parse_kinesis(split(scheme.substr(8), rest));
  if (scheme == "kafka") return parse_kafka(split(scheme, rest));
  return wrong(
      "the scheme must be https, http, jsonl+https, function+https, exec, mqtt, mqtts, kinesis+https or kafka");
}

}  // namespace

Result<SinkDestination> parse_sink_url(std::string_view url) {
  if (url.size() > kUrlBytesMax) return wrong("URL: longer than " + std::to_string(kUrlBytesMax) + " bytes");
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!plain) return wrong("URL: blanks, control and non-ASCII characters must be percent-encoded");
  if (url.find('#') != std::string_view::npos) return wrong("URL: a fragment (#...) means nothing here");
  const std::size_t colon = url.find(':');
  if (colon == std::string_view::npos) return wrong("URL: it has no scheme such as https:");
  auto destination = parse(url.substr(0, colon), url.substr(colon + 1));
  if (!destination) return std::move(destination).error().with_context("URL");
  return destination;
}

}  // namespace forebay::gateway::delivery
