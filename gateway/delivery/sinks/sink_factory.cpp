#include "gateway/delivery/sinks/sink_factory.h"

#include <algorithm>

#include "base/hex.h"
#include "gateway/delivery/sinks/exec_invoker.h"
#include "gateway/delivery/sinks/function_sink.h"
#include "gateway/delivery/sinks/http_invoker.h"
#include "gateway/delivery/sinks/json_lines_sink.h"
#include "gateway/delivery/sinks/kafka_settings.h"
#include "gateway/delivery/sinks/kafka_sink.h"
#include "gateway/delivery/sinks/mqtt_sink.h"
#include "wire/aws/uri.h"

namespace forebay::gateway::delivery {
namespace {

using Made = Result<std::unique_ptr<RecordSink>>;

constexpr std::size_t kPasswordBytesMax = 64 * 1024;
constexpr std::uint32_t kBatchMax = 10'000;
constexpr std::uint32_t kParallelMax = 10;
constexpr const char* kBuildFolder = "../gateway";

Error wrong(std::string sentence) { return Error{Errc::invalid_argument, std::move(sentence)}; }

/// An absolute path below the folder, without detours.
bool is_below(const std::string& path, const std::string& folder) {
  const std::string inside = folder.ends_with('/') ? folder : folder + "/";
  const bool winding = path.find("/../") != std::string::npos || path.find("/./") != std::string::npos ||
                       path.find("//") != std::string::npos || path.ends_with("/..");
  return !folder.empty() && !winding && path.size() > inside.size() && path.starts_with(inside);
}

Result<std::string> read_password(FileSystem& files, const std::string& path) {
  if (path.empty()) return std::string();
  const auto bytes = read_file(files, path, kPasswordBytesMax);
  if (!bytes) return Result<Buffer>(bytes).error().with_context("password_file");
  std::string password(as_text(*bytes));
  while (!password.empty() && (password.back() == '\n' || password.back() == '\r')) password.pop_back();
  if (password.empty()) return wrong("password_file: " + path + " holds no password");
  return password;
}

Result<void> check_password_file(const std::string& path, const std::string& folder) {
  if (path.empty() || is_below(path, folder)) return {};
  if (folder.empty())
    return Error{Errc::permission, "password_file: this gateway reads none; set the folder they lie in"};
  return Error{Errc::permission, "password_file: must lie in " + folder};
}

Result<void> check_url(const std::string& url) {
  if (!wire::aws::split_url(url)) return wrong("URL: must be https://HOST/... or http://HOST/..., without a user");
  return {};
}

Made make_http(const HttpDestination& http, const Buffering& buffering, const SourceShard& source,
               const SinkEnvironment& environment) {
  FB_CHECK(check_url(http.url));
  const std::size_t bytes = std::size_t{std::max(1u, buffering.size_mib)} << 20;
  if (http.json_lines && !http.common_attributes.empty())
    return wrong("CommonAttributes: plain JSON lines have no place for them; use the URL with https: alone");
  if (http.json_lines) return Made(std::make_unique<JsonLinesSink>(http, environment.http(), environment.gzip, bytes));
  return Made(std::make_unique<HttpEndpointSink>(http, source, environment.http(), environment.gzip, bytes));
}

Result<void> check_program(const std::string& program, const std::string& folder) {
  if (is_below(program, folder)) return {};
  if (folder.empty())
    return Error{Errc::permission,
                 "program " + program + ": this gateway runs no functions; set the folder they lie in"};
  return Error{Errc::permission, "program " + program + ": functions must lie in " + folder};
}

Made make_function(const FunctionDestination& function, const SourceShard& source, const SinkEnvironment& environment) {
  if (function.batch_size < 1 || function.batch_size > kBatchMax) return wrong("batch_size: must be 1 to 10000");
  if (function.parallel_per_shard < 1 || function.parallel_per_shard > kParallelMax)
    return wrong("parallel: must be 1 to 10");
  if (function.command.empty() == function.url.empty()) return wrong("a function is either a URL or a program");
  FunctionSink::InvokerFactory invoker;
  if (function.command.empty()) {
    FB_CHECK(check_url(function.url));
    invoker = [&] { return std::make_unique<HttpInvoker>(function.url, environment.http()); };
  } else {
    FB_CHECK(check_program(function.command.front(), environment.function_folder));
    invoker = [&] { return std::make_unique<ExecInvoker>(function.command, source, environment.programs()); };
  }
  return Made(std::make_unique<FunctionSink>(function, source, invoker));
}

Made make_mqtt(const MqttDestination& mqtt, const SourceShard& source, const SinkEnvironment& environment) {
  FB_CHECK(check_password_file(mqtt.password_file, environment.secret_folder));
  FB_TRY(void* const module, load_module(kMqttOutModule, environment.module_folders, kBuildFolder));
  std::array<std::uint8_t, 8> random;
  environment.entropy->fill(random);
  MqttSink::Parts parts;
  parts.library = [module]() -> Result<MqttPublishLibrary*> { return static_cast<MqttPublishLibrary*>(module); };
  parts.judge_host = [environment](const HostPort& host, bool tls) { return judged_host(host.host, tls, environment); };
  parts.password = [files = environment.files, path = mqtt.password_file] { return read_password(*files, path); };
  parts.client_id = "forebay-" + to_hex(random);
  FB_TRY(std::unique_ptr<RecordSink> sink, MqttSink::make(mqtt, source, std::move(parts)));
  return sink;
}

Made make_kinesis(KinesisDestination kinesis, const SinkEnvironment& environment) {
  FB_CHECK(check_url(kinesis.url));
  if (kinesis.region.empty()) kinesis.region = environment.region;
  return Made(std::make_unique<KinesisSink>(std::move(kinesis), environment.http(), environment.credentials,
                                            *environment.clock, environment.credentials_refused));
}

Made make_kafka(const KafkaDestination& kafka, const SinkEnvironment& environment) {
  FB_CHECK(check_kafka_destination(kafka));
  FB_TRY(void* const module, load_module(kKafkaModule, environment.module_folders, kBuildFolder));
  const auto is_password = [](const auto& setting) { return setting.first == kKafkaPasswordFile; };
  const auto found = std::find_if(kafka.settings.begin(), kafka.settings.end(), is_password);
  const std::string path = found == kafka.settings.end() ? std::string() : found->second;
  FB_CHECK(check_password_file(path, environment.secret_folder));
  KafkaSink::Parts parts;
  parts.library = [module]() -> Result<KafkaLibrary*> { return static_cast<KafkaLibrary*>(module); };
  parts.options = [kafka, path, files = environment.files,
                   allowed = environment.address_allowed]() -> Result<KafkaProducerOptions> {
    FB_TRY(const std::string password, read_password(*files, path));
    KafkaProducerOptions options{kafka_producer_settings(kafka, password), kafka.topic, {}};
    if (!allowed) return options;
    options.address_allowed = [allowed](std::span<const std::uint8_t> bytes) {
      std::array<std::uint8_t, 4> v4{};
      std::array<std::uint8_t, 16> v6{};
      std::copy_n(bytes.begin(), std::min(bytes.size(), v6.size()), v6.begin());
      std::copy_n(bytes.begin(), std::min(bytes.size(), v4.size()), v4.begin());
      return allowed(bytes.size() == v4.size() ? IpAddress::v4(v4) : IpAddress::v6(v6));
    };
    return options;
  };
  // Values that librdkafka refuses are known now rather than at the first record.
  FB_TRY(const KafkaProducerOptions options, parts.options());
  FB_CHECK(static_cast<KafkaLibrary*>(module)->check(options));
  return Made(std::make_unique<KafkaSink>(std::move(parts)));
}

}  // namespace

Result<std::string> judged_host(const std::string& host, bool tls, const SinkEnvironment& environment) {
  if (!environment.address_allowed) return host;
  FB_TRY(const std::vector<IpAddress> addresses, environment.resolve(host));
  for (const IpAddress& address : addresses)
    if (!environment.address_allowed(address))
      return Error{Errc::permission, "host " + host + ": address " + address.to_string() + " is not allowed"};
  return tls ? host : addresses.front().to_string();
}

Result<std::unique_ptr<RecordSink>> make_record_sink(const RecordDestination& destination, const SourceShard& source,
                                                     const SinkEnvironment& environment) {
  if (const auto* http = std::get_if<HttpDestination>(&destination.sink))
    return make_http(*http, destination.buffering, source, environment);
  if (const auto* function = std::get_if<FunctionDestination>(&destination.sink))
    return make_function(*function, source, environment);
  if (const auto* mqtt = std::get_if<MqttDestination>(&destination.sink)) return make_mqtt(*mqtt, source, environment);
  if (const auto* kinesis = std::get_if<KinesisDestination>(&destination.sink))
    return make_kinesis(*kinesis, environment);
  return make_kafka(std::get<KafkaDestination>(destination.sink), environment);
}

}  // namespace forebay::gateway::delivery
