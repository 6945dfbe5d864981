#include "gateway/gateway.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>

#include "base/version.h"
#include "gateway/http/router.h"
#include "gateway/kinesis/kinesis_front.h"
#include "gateway/kinesis/shard_series.h"
#include "sys/descriptor_limit.h"
#include "sys/sqlite_database.h"

namespace forebay::gateway {

namespace {
constexpr std::string_view kAdminKeyFile = "admin.key";
constexpr std::string_view kKeyListFile = "keys.json";
constexpr std::string_view kTokenKeyFile = "token.key";
constexpr Milliseconds kProgressInterval{5000};

std::string absolute(const std::string& path) {
  std::error_code error;
  const auto full = std::filesystem::absolute(path, error);
  return error ? path : full.lexically_normal().string();
}
}  // namespace

Result<void> check_files(FileSystem& files, const GatewayOptions& options) {
  FB_CHECK(load_encryption_keys(files, options.encryption));
  if (options.tls_certificate_file.empty()) return {};
  TlsServerOptions tls;
  tls.certificate_file = options.tls_certificate_file;
  tls.key_file = options.tls_key_file;
  FB_TRY(auto context, TlsContext::make_server(tls));
  return {};
}

Gateway::Gateway(const GatewayOptions& options, RereadOptions reread, FileSystem& files, Clock& clock, LogOutput& log)
    : options_(options),
      reread_(std::move(reread)),
      files_(files),
      clock_(clock),
      logger_(log, "gateway", options.log_level),
      systemd_environment_(SystemdEnvironment::of_this_process()),
      systemd_(systemd_environment_),
      budget_(options.body_memory_bytes, metrics_.http.body_memory) {}

Gateway::~Gateway() {
  signals_.reset();
  for (auto& loop : loops_) loop->stop();
  admin_listener_.reset();
  listener_.reset();
}

ExitCode Gateway::run() {
  signals_ = std::make_unique<Signals>([this](ProcessSignal signal) { on_signal(signal); });
  for (auto step : {&Gateway::open_log, &Gateway::open_delivery, &Gateway::load_keys, &Gateway::build_fronts,
                    &Gateway::open_listeners}) {
    if (auto done = (this->*step)(); !done) {
      std::cerr << "forebay-gateway: " << done.error().context << "\n";
      return exit_code_of(done.error());
    }
  }
  metrics_.start_time.set(to_millis(clock_.wall_now()) / 1000);
  streams_->start();
  for (auto& loop : loops_) loop->start();
  delivery_->start(*loops_.front());
  print_first_screen();
  systemd_.ready("listening on " + listener_->address());
  wait_for_end();
  return stop();
}

Result<void> Gateway::open_log() {
  FB_TRY(const auto keys, load_encryption_keys(files_, options_.encryption));
  FB_CHECK(encryption_keys_->add(keys));
  if (!encryption_keys_->empty()) logger_.info("keys for encryption at rest", {{"keys", encryption_keys_->summary()}});
  if (auto made = files_.create_directories(options_.data); !made)
    return Error{made.error().code == Errc::permission ? Errc::permission : Errc::conflict,
                 "data folder " + options_.data + " cannot be made: " + made.error().context};
  stream::EmbeddedStreamDependencies dependencies;
  dependencies.files = &files_;
  dependencies.clock = &clock_;
  dependencies.entropy = &entropy_;
  dependencies.metrics = &metrics_.registry;
  dependencies.keys = encryption_keys_;
  dependencies.open_database = [this](const std::string& path) { return open_database(files_, path); };
  dependencies.fatal = [this](const Error& error) { end_after_failed_sync(error); };
  auto opened =
      stream::EmbeddedStreamService::open(std::move(dependencies), options_.data, options_.log, logger_.child("log"));
  if (opened) {
    streams_ = *std::move(opened);
    return {};
  }
  if (opened.error().code == Errc::conflict)
    return Error{Errc::conflict,
                 "data folder " + options_.data +
                     " is in use by another forebay-gateway; stop that one or choose another folder with --data (" +
                     opened.error().context + ")"};
  return std::move(opened).error().with_context("data folder " + options_.data);
}

Result<void> Gateway::open_delivery() {
  DeliveryParts parts{files_,           clock_,
                      entropy_,         metrics_,
                      *streams_,        logger_,
                      options_.account, options_.region,
                      encryption_keys_, [this](const Error& error) { end_after_failed_sync(error); }};
  FB_TRY(delivery_, GatewayDelivery::open(options_.delivery, std::move(parts), options_.data));
  return {};
}

Result<void> Gateway::load_keys() {
  auth::KeyStore::Paths paths;
  paths.admin_key = join_path(options_.data, kAdminKeyFile);
  paths.key_list = join_path(options_.data, kKeyListFile);
  paths.extra = options_.key_file;
  auto loaded = keys_.load(files_, entropy_, paths);
  if (!loaded) {
    // A damaged key file is for the operator to repair, not damaged data.
    const bool repairable = loaded.error().code == Errc::corrupt || loaded.error().code == Errc::not_found;
    return Error{repairable ? Errc::invalid_argument : loaded.error().code, "access keys: " + loaded.error().context};
  }
  loaded_keys_ = *loaded;
  return {};
}

Result<void> Gateway::build_fronts() {
  FB_TRY(const Sha256 token_key, kinesis::load_token_key(files_, entropy_, join_path(options_.data, kTokenKeyFile)));
  sealer_ = std::make_unique<kinesis::TokenSealer>(token_key);
  kinesis_ = std::make_unique<kinesis::KinesisServices>(
      kinesis::KinesisServices{*streams_, clock_, entropy_, *sealer_, metrics_.kinesis, logger_.child("kinesis"),
                               options_.account, options_.region, options_.auto_create_streams, options_.shard_limit});
  if (options_.shard_rates.any())
    kinesis_->limits = std::make_shared<kinesis::ShardLimits>(options_.shard_rates, clock_);
  kinesis_->keys = encryption_keys_;
  metrics_.registry.add_source(
      [this](std::string& text) { kinesis::append_shard_series(*streams_, clock_.steady_now(), text); });
  upload_ = std::make_unique<upload::UploadServices>(
      upload::UploadServices{*streams_, clock_, metrics_.upload, logger_.child("upload"), options_.account,
                             options_.auto_create_streams, options_.http.body_bytes_max});
  key_services_ = std::make_unique<keys::KeysServices>(
      keys::KeysServices{keys_, entropy_, logger_.child("keys"), options_.account});
  admin_services_ = std::make_unique<admin::AdminServices>(admin::AdminServices{
      metrics_.registry, std::string(kVersionText), [this] { return std::string(draining_ ? "stopping" : ""); }, {}});
  if (options_.tls_certificate_file.empty()) return {};
  TlsServerOptions tls;
  tls.certificate_file = options_.tls_certificate_file;
  tls.key_file = options_.tls_key_file;
  tls.protocols = {"h2", "http/1.1"};
  FB_TRY(tls_, TlsContext::make_server(tls));
  return {};
}

std::unique_ptr<http::RequestHandler> Gateway::make_router(http::EventLoop& loop) {
  auth::AuthOptions auth;
  auth.off = options_.auth_off;
  auth.region = options_.region;
  auto router = std::make_unique<http::Router>(auth::Authenticator(keys_, clock_, auth), metrics_.auth_faults);
  router->add("/", std::make_unique<kinesis::KinesisFront>(*kinesis_, loop));
  router->add("/keys/", std::make_unique<keys::KeysFront>(*key_services_));
  router->add("/upload/", std::make_unique<upload::UploadFront>(*upload_));
  delivery_->add_fronts(*router);
  return router;
}

/// As configured, unless this process has fewer descriptors than that.
std::size_t Gateway::connections_allowed() const {
  const std::size_t descriptors = raise_descriptor_limit();
  const std::size_t allowed = std::min(options_.http.connections_max, descriptors_for_connections(descriptors));
  if (allowed < options_.http.connections_max)
    logger_.warning("fewer connections than limits.connections says: raise the limit of open files, LimitNOFILE=",
                    {{"connections", allowed}, {"open_files", descriptors}});
  return allowed;
}

Result<void> Gateway::open_listeners() {
  std::vector<http::EventLoop*> loops;
  for (std::size_t i = 0; i < options_.threads; ++i) {
    const http::LoopServices services{clock_, entropy_, budget_, metrics_.http, options_.http, logger_.child("http")};
    loops_.push_back(std::make_unique<http::EventLoop>(services, static_cast<int>(i)));
    loops.push_back(loops_.back().get());
  }
  const std::size_t connections_max = connections_allowed();
  listener_ = std::make_unique<http::Listener>(
      loops, tls_ ? &tls_->context() : nullptr, [this](http::EventLoop& loop) { return make_router(loop); },
      http::Listener::Options{connections_max, true});
  FB_CHECK(listener_->open(options_.listen));
  // The first loop alone: health and metrics need little, and must answer while the rest drains.
  admin_listener_ = std::make_unique<http::Listener>(
      std::vector<http::EventLoop*>{loops.front()}, nullptr,
      [this](http::EventLoop&) { return std::make_unique<admin::AdminHandler>(*admin_services_); },
      http::Listener::Options{connections_max + 64, false});
  return admin_listener_->open(options_.admin);
}

void Gateway::print_first_screen() const {
  const std::string data = absolute(options_.data);
  const std::string url = (tls_ ? "https://" : "http://") + listener_->address();
  std::cout << "Forebay gateway " << kVersionText << "\n"
            << "  data        " << data << "\n";
  if (options_.auth_off)
    std::cout << "  access key  none: authentication is off\n";
  else
    std::cout << "  access key  " << data << "/" << kAdminKeyFile << (loaded_keys_.admin_key_made ? " (made now)" : "")
              << ", " << loaded_keys_.keys << (loaded_keys_.keys == 1 ? " key" : " keys") << " in all\n";
  std::cout << "  admin       http://" << admin_listener_->address() << "  /healthz /readyz /metrics /version\n"
            << "listening on " << listener_->address() << "\n\n"
            << "To use it from here, paste:\n"
            << "  eval \"$(forebay env --endpoint " << url << " --key-file " << data << "/" << kAdminKeyFile << ")\"\n"
            << "  aws kinesis create-stream --stream-name demo --shard-count 1 --endpoint-url " << url << "\n"
            << "  python3 -c 'import boto3; print(boto3.client(\"kinesis\", endpoint_url=\"" << url
            << "\").list_streams()[\"StreamNames\"])'\n"
            << std::flush;
}

void Gateway::on_signal(ProcessSignal signal) {
  const std::scoped_lock lock(mutex_);
  if (signal == ProcessSignal::stop) ++stops_;
  if (signal == ProcessSignal::reload) reload_wanted_ = true;
  changed_.notify_all();
}

void Gateway::wait_for_end() {
  seen_turns_.assign(loops_.size(), 0);
  const bool watched = systemd_environment_.watchdog.has_value();
  const Milliseconds interval =
      watched ? std::min(kProgressInterval, *systemd_environment_.watchdog / 3) : kProgressInterval;
  std::unique_lock lock(mutex_);
  while (stops_ == 0) {
    const auto something = [this] { return stops_ > 0 || reload_wanted_; };
    if (watched)
      changed_.wait_for(lock, interval, something);
    else
      changed_.wait(lock, something);
    const bool reload_now = std::exchange(reload_wanted_, false);
    lock.unlock();
    if (reload_now) reload();
    if (watched) feed_watchdog();
    lock.lock();
  }
}

void Gateway::feed_watchdog() {
  bool progress = true;
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    const std::uint64_t turns = loops_[i]->turns();
    // The first look has nothing to compare with.
    if (turns == seen_turns_[i] && turns != 0) progress = false;
    seen_turns_[i] = turns;
    loops_[i]->touch();
  }
  if (progress) systemd_.watchdog();
}

void Gateway::reload() {
  systemd_.reloading(clock_.steady_now());
  if (auto loaded = load_keys(); loaded)
    logger_.info("access keys read again", {{"keys", loaded_keys_.keys}});
  else
    logger_.error("access keys were not read again; the old ones stay", {{"error", loaded.error().context}});
  if (auto added = reload_encryption_keys(); added)
    logger_.info("keys for encryption at rest read again", {{"new", *added}, {"keys", encryption_keys_->summary()}});
  else
    logger_.error("keys for encryption at rest were not read again; the old ones stay",
                  {{"error", added.error().context}});
  systemd_.ready("listening on " + listener_->address());
}

/// Which files hold keys is read anew from the configuration; the other options wait for a restart.
Result<std::size_t> Gateway::reload_encryption_keys() {
  FB_TRY(const GatewayOptions options, reread_());
  FB_TRY(const auto keys, load_encryption_keys(files_, options.encryption));
  FB_TRY(const std::size_t added, encryption_keys_->add(keys));
  streams_->keys_changed();
  return added;
}

std::size_t Gateway::open_connections() const {
  const auto value = metrics_.http.connections.value();
  return value > 0 ? static_cast<std::size_t>(value) : 0;
}

void Gateway::drain() {
  draining_ = true;
  listener_->close();
  for (auto& loop : loops_) loop->drain();
  const SteadyTime deadline = clock_.steady_now() + options_.drain_timeout;
  std::unique_lock lock(mutex_);
  while (open_connections() > 0 && clock_.steady_now() < deadline && stops_ < 2)
    changed_.wait_for(lock, Milliseconds(20), [this] { return stops_ >= 2; });
  lock.unlock();
  for (auto& loop : loops_) loop->cut_all();
}

ExitCode Gateway::stop() {
  systemd_.stopping();
  logger_.info("stopping: running requests may end");
  drain();
  delivery_->stop();
  auto stopped = streams_->stop();
  admin_listener_->close();
  for (auto& loop : loops_) loop->stop();
  if (!stopped) {
    logger_.error("the last checkpoint failed; the journal has everything and is read at the next start",
                  {{"error", stopped.error().context}});
    return ExitCode::io;
  }
  logger_.info("stopped");
  return ExitCode::ok;
}

void Gateway::end_after_failed_sync(const Error& error) {
  logger_.error("data could not be made durable: nothing more is acknowledged, the process ends",
                {{"error", error.context}});
  std::_Exit(static_cast<int>(ExitCode::io));
}

}  // namespace forebay::gateway
