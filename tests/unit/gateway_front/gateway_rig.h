#pragma once

#include <memory>
#include <string>

#include "base/http_client.h"
#include "gateway/http/router.h"
#include "gateway/kinesis/kinesis_front.h"
#include "gateway/stream/embedded_stream_service.h"
#include "gateway/upload/upload_front.h"
#include "sys/posix_file_system.h"
#include "sys/sqlite_database.h"
#include "tests/support/temp_directory.h"
#include "tests/unit/gateway_front/http_server.h"
#include "tests/unit/gateway_front/raw_client.h"

namespace forebay::gateway::test {

/// Both fronts and the real streams behind a real port.
class GatewayRig {
 public:
  struct Options {
    bool auth_off = true;
    std::string region = {};
    bool auto_create_streams = false;
    const Clock* kinesis_clock = nullptr;  ///< of the Kinesis front; null: the system's
  };

  explicit GatewayRig(const Options& options) {
    auth::AccessKey admin;
    admin.id = "ADMINKEY";
    admin.secret = "adminsecret";
    keys.add(admin);
    auth::AccessKey device;
    device.id = "DEVICEKEY";
    device.secret = "devicesecret";
    device.role = auth::Role::device;
    device.device_pattern = "press-*";
    keys.add(device);
    open_streams();
    kinesis_services = std::make_unique<kinesis::KinesisServices>(kinesis::KinesisServices{
        *streams, options.kinesis_clock != nullptr ? *options.kinesis_clock : clock, entropy, sealer, kinesis_metrics,
        Logger(log, "kinesis"), "000000000000", "", options.auto_create_streams, 100});
    kinesis_services->keys = encryption_keys;
    upload_services = std::make_unique<upload::UploadServices>(
        upload::UploadServices{*streams, clock, upload_metrics, Logger(log, "upload"), "000000000000",
                               options.auto_create_streams, 16u << 20});
    auth_options.off = options.auth_off;
    auth_options.region = options.region;
    streams->start();
    server = std::make_unique<HttpServer>([this](http::EventLoop& loop) { return make_router(loop); });
  }
  ~GatewayRig() {
    FB_ASSERT(streams->stop().ok());
    server.reset();
  }

  [[nodiscard]] RawClient client() const { return RawClient(server->port()); }

  forebay::test::TempDirectory folder;
  forebay::test::LogCapture log;
  PosixFileSystem files;
  SystemClock clock;
  SystemEntropy entropy;
  MetricsRegistry registry;
  kinesis::KinesisMetrics kinesis_metrics{registry};
  upload::UploadMetrics upload_metrics{registry};
  Counter auth_faults;
  auth::KeyStore keys;
  auth::AuthOptions auth_options;
  kinesis::TokenSealer sealer{Sha256{1, 2, 3}};
  std::shared_ptr<const stream::KeyRing> encryption_keys = make_keys();
  std::unique_ptr<stream::EmbeddedStreamService> streams;
  std::unique_ptr<kinesis::KinesisServices> kinesis_services;
  std::unique_ptr<upload::UploadServices> upload_services;
  std::unique_ptr<HttpServer> server;

 private:
  static std::shared_ptr<const stream::KeyRing> make_keys() {
    auto ring =
        stream::KeyRing::make({{"alias/aws/kinesis", CipherKey(Buffer(CipherKey::kSize, 1))},
                               {"alias/plant", CipherKey(Buffer(CipherKey::kSize, 2))},
                               {"12345678-1234-abcd-ABCD-123456789012", CipherKey(Buffer(CipherKey::kSize, 3))}});
    FB_ASSERT(ring.ok());
    return std::make_shared<const stream::KeyRing>(*std::move(ring));
  }
  void open_streams() {
    stream::EmbeddedStreamDependencies dependencies;
    dependencies.files = &files;
    dependencies.clock = &clock;
    dependencies.entropy = &entropy;
    dependencies.metrics = &registry;
    dependencies.keys = encryption_keys;
    dependencies.open_database = [this](const std::string& path) { return open_database(files, path); };
    dependencies.fatal = [](const Error& error) { assertion_failed(error.context.c_str(), __FILE__, __LINE__); };
    log::LogOptions options;
    options.free_space_floor = 0;
    auto opened =
        stream::EmbeddedStreamService::open(std::move(dependencies), folder.path(), options, Logger(log, "log"));
    FB_ASSERT(opened.ok());
    streams = *std::move(opened);
  }
  std::unique_ptr<http::RequestHandler> make_router(http::EventLoop& loop) {
    auto router = std::make_unique<http::Router>(auth::Authenticator(keys, clock, auth_options), auth_faults);
    router->add("/", std::make_unique<kinesis::KinesisFront>(*kinesis_services, loop));
    router->add("/upload/", std::make_unique<upload::UploadFront>(*upload_services));
    return router;
  }
};

/// A request as bytes.
inline std::string post(std::string_view path, std::string_view headers, std::string_view body) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: gw.example:4567\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}
inline std::string call(std::string_view operation, std::string_view body) {
  return post(
      "/",
      "Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Kinesis_20131202." + std::string(operation) + "\r\n",
      body);
}
/// A signed request as bytes.
inline std::string signed_post(std::string_view path, std::string_view headers_text, std::string_view body,
                               const std::string& id, const std::string& secret, std::string_view service,
                               WallTime now) {
  HttpRequest request;
  request.url = "http://gw.example:4567" + std::string(path);
  request.body = as_bytes(body);
  wire::aws::Credentials credentials;
  credentials.access_key_id = id;
  credentials.secret_access_key = secret;
  wire::aws::sign(request, credentials, "eu-west-1", service, now);
  std::string headers(headers_text);
  for (const auto& [name, value] : request.headers) headers += name + ": " + value + "\r\n";
  return post(path, headers, body);
}

}  // namespace forebay::gateway::test
