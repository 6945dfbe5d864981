#include "gateway/gateway_delivery.h"

#include "gateway/delivery/objects/deflate.h"
#include "gateway/delivery/sinks/sink_factory.h"
#include "gateway/firehose/apply_config.h"
#include "gateway/firehose/compile.h"
#include "sys/curl_http_client.h"
#include "sys/host_resolver.h"
#include "sys/posix_process_runner.h"
#include "sys/sqlite_database.h"
#include "wire/firehose/shape.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdlib>

namespace forebay::gateway {
namespace {

constexpr std::string_view kUsualRegion = "us-east-1";

std::unique_ptr<HttpClient> make_http_client(const delivery::HttpClientNeeds& needs) {
  CurlHttpClientOptions options;
  options.ca_file = needs.ca_file;
  options.address_allowed = needs.address_allowed;
  options.connect_timeout = needs.connect_timeout;
  return std::make_unique<CurlHttpClient>(std::move(options));
}

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::string region_or_usual(const std::string& region) { return region.empty() ? std::string(kUsualRegion) : region; }

}  // namespace

ConfiguredSinks::ConfiguredSinks(const DeliveryOptions& options, const DeliveryParts& parts)
    : options_(options),
      world_{parts.files, parts.clock, parts.entropy, parts.logger, make_http_client, environment_variable} {
  // The networks were parsed with the configuration.
  if (auto guard = delivery::AddressGuard::parse(options.stores.allowed_networks)) guard_ = *std::move(guard);
  const auto allowed = [guard = guard_](const IpAddress& address) { return guard.allows(address); };
  environment_.http = [allowed, ca_file = options.stores.ca_file] {
    delivery::HttpClientNeeds needs;
    needs.ca_file = ca_file;
    needs.address_allowed = allowed;
    return make_http_client(needs);
  };
  environment_.programs = [] { return std::make_unique<PosixProcessRunner>(); };
  environment_.credentials = [this] { return kinesis_credentials(); };
  environment_.credentials_refused = [this](const wire::aws::Credentials& key) { kinesis_key_refused(key); };
  environment_.gzip = delivery::gzip_compress;
  environment_.address_allowed = allowed;
  environment_.resolve = resolve_host;
  environment_.files = &parts.files;
  environment_.clock = &parts.clock;
  environment_.entropy = &parts.entropy;
  environment_.region = region_or_usual(options.stores.region);
  environment_.function_folder = options.function_folder;
  environment_.secret_folder = options.secret_folder;
}

Result<delivery::ObjectStores*> ConfiguredSinks::stores() {
  const std::lock_guard lock(mutex_);
  if (!stores_) {
    FB_TRY(stores_, delivery::ObjectStores::make(options_.stores, world_));
    if (cancelled_) stores_->cancel();
  }
  return stores_.get();
}

Result<std::shared_ptr<delivery::ObjectStore>> ConfiguredSinks::object_store(const std::string& bucket) {
  FB_TRY(delivery::ObjectStores * all, stores());
  return all->open(bucket);
}

Result<std::unique_ptr<delivery::RecordSink>> ConfiguredSinks::record_sink(
    const delivery::RecordDestination& destination, const delivery::SourceShard& source) {
  return delivery::make_record_sink(destination, source, environment_);
}

Result<wire::aws::Credentials> ConfiguredSinks::kinesis_credentials() {
  FB_TRY(delivery::ObjectStores * all, stores());
  FB_TRY(const auto source, all->credentials());
  return source->get();
}

void ConfiguredSinks::kinesis_key_refused(const wire::aws::Credentials& key) {
  const auto all = stores();
  if (!all) return;
  if (const auto source = (*all)->credentials()) (*source)->refused(key);
}

void ConfiguredSinks::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (stores_) stores_->cancel();
}

GatewayDelivery::GatewayDelivery(const DeliveryOptions& options, DeliveryParts parts)
    : options_(options), parts_(std::move(parts)), sinks_(options_, parts_) {}

Result<std::unique_ptr<GatewayDelivery>> GatewayDelivery::open(const DeliveryOptions& options, DeliveryParts parts,
                                                               const std::string& data) {
  std::unique_ptr<GatewayDelivery> made(new GatewayDelivery(options, std::move(parts)));
  DeliveryParts& given = made->parts_;
  delivery::EngineDependencies engine;
  engine.streams = &given.streams;
  engine.sinks = &made->sinks_;
  engine.clock = &given.clock;
  engine.entropy = &given.entropy;
  engine.metrics = &given.metrics.registry;
  engine.open_database = [&files = given.files](const std::string& path) { return open_database(files, path); };
  engine.compile = [](const delivery::DeliveryInfo& info) { return firehose::compile_document(info); };
  if (options.stores.endpoint.starts_with("file://"))
    engine.make_builder = [](const delivery::Processing& processing, delivery::ObjectDestination objects) {
      objects.keys_are_paths = true;
      return delivery::make_object_builder(processing, objects);
    };
  engine.region = region_or_usual(given.region);
  engine.fatal = given.fatal;
  FB_TRY(made->engine_,
         delivery::DeliveryEngine::open(std::move(engine), data, options.engine, given.logger.child("delivery")));
  made->firehose_ = std::make_unique<firehose::FirehoseServices>(firehose::FirehoseServices{
      *made->engine_, given.streams, given.clock, given.entropy, given.metrics.firehose, given.logger.child("firehose"),
      given.account, given.region, options.schemas});
  made->firehose_->keys = given.keys;
  made->front_ = std::make_unique<delivery_front::DeliveryFrontServices>(delivery_front::DeliveryFrontServices{
      *made->engine_, given.clock, given.logger.child("delivery"), given.account});
  return made;
}

void GatewayDelivery::start(http::EventLoop& loop) {
  engine_->start();
  auto applied =
      firehose::apply_deliveries(*engine_, parts_.account, options_.configured, parts_.logger.child("delivery"));
  boost::asio::co_spawn(loop.context(), std::move(applied), boost::asio::detached);
}

void GatewayDelivery::stop() {
  engine_->stop();
  sinks_.cancel();
}

void GatewayDelivery::add_fronts(http::Router& router) {
  router.add("/", std::make_unique<firehose::FirehoseFront>(*firehose_), std::string(wire::firehose::kTargetPrefix));
  router.add("/delivery/", std::make_unique<delivery_front::DeliveryFront>(*front_));
}

}  // namespace forebay::gateway
