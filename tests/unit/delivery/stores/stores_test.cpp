// Options to stores: what is refused with which remedy, which addresses a client may connect to, who shares what; and a
// few calls over real sockets.
#include "gateway/delivery/stores/stores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "sys/curl_http_client.h"
#include "sys/posix_file_system.h"
#include "tests/support/log_capture.h"
#include "tests/support/loopback_server.h"
#include "tests/support/manual_clock.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temp_directory.h"

namespace forebay::gateway::delivery {
namespace {

using test::LoopbackServer;
using ::testing::HasSubstr;

struct ObjectStoresTest : ::testing::Test {
  Result<std::unique_ptr<ObjectStores>> make(const StoreOptions& options) {
    const StoreWorld world{files,
                           clock,
                           entropy,
                           Logger(log, "stores"),
                           [this](const HttpClientNeeds& needs) {
                             needs_seen.push_back(needs);
                             CurlHttpClientOptions curl;
                             curl.address_allowed = needs.address_allowed;
                             return std::make_unique<CurlHttpClient>(std::move(curl));
                           },
                           [this](const std::string& name) {
                             return variables.contains(name) ? std::optional(variables[name]) : std::nullopt;
                           }};
    return ObjectStores::make(options, world);
  }
  Errc code_of(const StoreOptions& options, const std::string& part) {
    const auto made = make(options);
    EXPECT_FALSE(made.ok());
    if (made.ok()) return Errc::io;
    EXPECT_THAT(made.error().context, HasSubstr(part));
    return made.error().code;
  }

  test::TempDirectory directory;
  PosixFileSystem files;
  test::ManualClock clock;
  test::SeededEntropy entropy{1};
  test::LogCapture log;
  std::map<std::string, std::string> variables = {{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "S"}};
  std::vector<HttpClientNeeds> needs_seen;
};

TEST_F(ObjectStoresTest, RefusesSettingsThatCannotWork) {
  StoreOptions options;
  options.endpoint = "file://relative";
  EXPECT_EQ(code_of(options, "file:///PATH"), Errc::invalid_argument);
  options.endpoint = "http://user:CANARY@host";
  EXPECT_EQ(code_of(options, "without user and password"), Errc::invalid_argument);
  EXPECT_THAT(make(options).error().context, ::testing::Not(HasSubstr("CANARY")));
  options.endpoint = "http://host/path";
  EXPECT_EQ(code_of(options, "http://host/path"), Errc::invalid_argument);
  options.endpoint = "http://host";
  options.connections = 0;
  EXPECT_EQ(code_of(options, "connections"), Errc::invalid_argument);
  options.connections = 2;
  options.allowed_networks = {"10.0.0.1/8"};
  EXPECT_EQ(code_of(options, "10.0.0.1/8"), Errc::invalid_argument);
  options.allowed_networks.clear();
  options.credentials = "what";
  EXPECT_EQ(code_of(options, "environment, instance, file:PATH or credential:NAME"), Errc::invalid_argument);
  options.credentials = "credential:s3";
  EXPECT_EQ(code_of(options, "LoadCredential="), Errc::not_found);
  options.credentials = "environment";
  variables.erase("AWS_SECRET_ACCESS_KEY");
  EXPECT_EQ(code_of(options, "AWS_SECRET_ACCESS_KEY"), Errc::not_found);
}

TEST_F(ObjectStoresTest, AFolderNeedsNoKeysAndBucketsAreShared) {
  variables.clear();
  StoreOptions options;
  options.endpoint = "file://" + directory.file("out");
  const auto stores = make(options);
  ASSERT_TRUE(stores.ok()) << stores.error().to_string();
  const auto one = (*stores)->open("b");
  EXPECT_EQ(one->get(), (*stores)->open("b")->get());
  EXPECT_NE(one->get(), (*stores)->open("c")->get());
  EXPECT_EQ((*stores)->open("../b").error().code, Errc::invalid_argument);
  ObjectToPut object;
  object.key = "a/b";
  object.body = as_bytes("x");
  ASSERT_TRUE((*one)->put(object).ok());
  EXPECT_EQ(test::read_text(directory.file("out/b/a/b")), "x");
  (*stores)->cancel();
  EXPECT_EQ((*one)->put(object).error().code, Errc::cancelled);
  EXPECT_EQ((*(*stores)->open("d"))->put(object).error().code, Errc::cancelled);
}

TEST_F(ObjectStoresTest, ConnectsOnlyWhereItMay) {
  const auto allowed = [&](const StoreOptions& options, const char* address) {
    needs_seen.clear();
    const auto stores = make(options);
    EXPECT_TRUE(stores.ok() && (*stores)->open("bucket").ok());
    return needs_seen.at(0).address_allowed(IpAddress::parse(address).value());
  };
  StoreOptions options;
  options.endpoint = "https://minio.internal:9000";
  EXPECT_TRUE(allowed(options, "8.8.8.8"));
  EXPECT_FALSE(allowed(options, "10.0.0.1"));
  EXPECT_FALSE(allowed(options, "127.0.0.1"));
  options.allowed_networks = {"10.0.0.0/8"};
  EXPECT_TRUE(allowed(options, "10.0.0.1"));
  EXPECT_FALSE(allowed(options, "169.254.169.254"));
  options.allowed_networks.clear();
  options.endpoint = "http://192.168.7.7:9000";
  EXPECT_TRUE(allowed(options, "192.168.7.7")) << "the operator wrote this very address";
  EXPECT_FALSE(allowed(options, "192.168.7.8"));
  options.endpoint = "http://localhost:9000";
  EXPECT_TRUE(allowed(options, "127.0.0.1"));
  EXPECT_TRUE(allowed(options, "::1"));
  options.endpoint.clear();
  EXPECT_FALSE(allowed(options, "127.0.0.1"));
}

TEST_F(ObjectStoresTest, RefusedAddressesGetNoByteAndNameTheRemedy) {
  LoopbackServer server([](const auto&) { return LoopbackServer::answer(200, ""); });
  StoreOptions options;
  options.endpoint = "http://2130706433:" + std::to_string(server.port());  // 127.0.0.1, but not as it is written
  const auto stores = make(options);
  ASSERT_TRUE(stores.ok());
  ObjectToPut object;
  object.key = "k";
  const auto put = (*(*stores)->open("bucket"))->put(object);
  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().code, Errc::permission);
  EXPECT_THAT(put.error().context, HasSubstr("127.0.0.1 is not allowed"));
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(ObjectStoresTest, PutsOverASocketAndDoesNotFollowRedirects) {
  int status = 200;
  LoopbackServer server([&](const auto&) {
    return LoopbackServer::answer(status, "", "Location: http://127.0.0.1:1/\r\nETag: \"e\"\r\n");
  });
  StoreOptions options;
  options.endpoint = server.url("");
  options.credentials = "file:" + directory.write("key", "access_key_id = AKID\nsecret_access_key = S\n");
  ASSERT_TRUE(files.stat(directory.file("key")).ok());
  options.connections = 1;
  variables["CREDENTIALS_DIRECTORY"] = directory.path();
  options.credentials = "credential:key";
  const auto stores = make(options);
  ASSERT_TRUE(stores.ok()) << stores.error().to_string();
  const auto store = (*stores)->open("bucket");
  ObjectToPut object;
  object.key = "dt=1/k+";
  const Buffer body(300'000, 'x');
  object.body = body;
  EXPECT_EQ((*store)->put(object).value(), PutOutcome::created);
  status = 307;
  EXPECT_EQ((*store)->put(object).error().code, Errc::unavailable);
  const auto seen = server.requests();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_THAT(seen[0].head, HasSubstr("PUT /bucket/dt%3D1/k%2B HTTP/1.1\r\n"));
  EXPECT_THAT(seen[0].head, HasSubstr("Credential=AKID/20260102/us-east-1/s3/aws4_request"));
  EXPECT_EQ(seen[0].body.size(), body.size());
}

TEST_F(ObjectStoresTest, AnEndlessAnswerIsCut) {
  LoopbackServer server([](const auto&) { return LoopbackServer::answer(200, std::string(3 << 20, 'x')); });
  StoreOptions options;
  options.endpoint = server.url("");
  options.connections = 1;
  const auto stores = make(options);
  ASSERT_TRUE(stores.ok());
  ObjectToPut object;
  object.key = "k";
  EXPECT_EQ((*(*stores)->open("bucket"))->put(object).error().code, Errc::too_large);
}

}  // namespace
}  // namespace forebay::gateway::delivery
