// Every destination becomes its sink, and what cannot be is refused with the reason.
#include "gateway/delivery/sinks/sink_factory.h"

#include <gtest/gtest.h>

#include "gateway/delivery/sinks/sink_url.h"
#include "sys/curl_http_client.h"
#include "sys/host_resolver.h"
#include "sys/posix_process_runner.h"
#include "tests/support/loopback_server.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temp_directory.h"
#include "tests/unit/delivery/sinks/sink_rig.h"

namespace forebay::gateway::delivery {
namespace {

class SinkFactoryTest : public ::testing::Test {
 protected:
  SinkFactoryTest() {
    environment.http = [] { return std::make_unique<CurlHttpClient>(CurlHttpClientOptions{}); };
    environment.programs = [] { return std::make_unique<PosixProcessRunner>(); };
    environment.credentials = []() -> Result<wire::aws::Credentials> {
      return wire::aws::Credentials{"AKID", "secret", ""};
    };
    environment.gzip = [](ByteView bytes) { return to_buffer(bytes); };
    environment.resolve = resolve_host;
    environment.files = &files;
    environment.clock = &clock;
    environment.entropy = &entropy;
    environment.region = "us-east-1";
    environment.function_folder = "/usr/lib/functions";
    environment.secret_folder = "/run/secrets/";
  }
  Result<std::unique_ptr<RecordSink>> make(const std::string& url) {
    auto sink = parse_sink_url(url);
    EXPECT_TRUE(sink.ok()) << url;
    RecordDestination destination;
    destination.sink = *sink;
    return make_record_sink(destination, test_source(), environment);
  }
  std::string error(const std::string& url) {
    const auto made = make(url);
    return made.ok() ? "" : made.error().to_string();
  }

  test::ManualClock clock;
  test::SeededEntropy entropy{3};
  test::MemoryFileSystem files;
  SinkEnvironment environment;
};

TEST_F(SinkFactoryTest, EveryKindIsMade) {
  for (const char* url : {"https://h/x", "jsonl+https://h/x", "function+https://h/x", "exec:/usr/lib/functions/f",
                          "mqtt://h/t", "kinesis+https://h/s", "kafka://h/t"})
    EXPECT_EQ(error(url), "") << url;
}

TEST_F(SinkFactoryTest, ProgramsOutsideTheFolderAreRefused) {
  for (const char* url :
       {"exec:/bin/sh?arg=-c&arg=id", "exec:/usr/lib/functions/../../../bin/sh", "exec:/usr/lib/functions/",
        "exec:/usr/lib/functions-other/f", "exec:/usr/lib/functions//f", "exec:/usr/lib/functions/./f"})
    EXPECT_NE(error(url).find("permission: program"), std::string::npos) << url;
  environment.function_folder = "";
  EXPECT_NE(error("exec:/usr/lib/functions/f").find("runs no functions"), std::string::npos);
}

TEST_F(SinkFactoryTest, PasswordFilesOutsideTheirFolderAreRefused) {
  for (const char* path : {"/var/lib/forebay/admin.key", "/run/secrets/../../var/lib/forebay/admin.key", "/run/secrets",
                           "/run/secrets/", "relative"}) {
    const std::string query = std::string("user=u&password_file=") + path;
    EXPECT_EQ(error("mqtt://h/t?" + query), "permission: password_file: must lie in /run/secrets/") << path;
    EXPECT_EQ(error(std::string("kafka://h/t?password_file=") + path),
              "permission: password_file: must lie in /run/secrets/");
  }
  EXPECT_EQ(error("mqtt://h/t?user=u&password_file=/run/secrets/broker"), "");
  environment.secret_folder = "";
  EXPECT_NE(error("mqtt://h/t?user=u&password_file=/run/secrets/broker").find("set the folder"), std::string::npos);
}

TEST_F(SinkFactoryTest, MissingModuleNamesItsPackage) {
  environment.module_folders = {"/nonexistent"};
  EXPECT_NE(error("mqtt://h/t").find("unsupported: the module forebay-mqtt-out.so"), std::string::npos);
  EXPECT_NE(error("mqtt://h/t").find("libpaho-mqttpp3-1"), std::string::npos);
  EXPECT_NE(error("kafka://h/t").find("librdkafka1"), std::string::npos);
  EXPECT_EQ(error("https://h/x"), "");
}

TEST_F(SinkFactoryTest, WrongValuesAreKnownBeforeTheFirstRecord) {
  EXPECT_NE(error("kafka://h/t?retry.backoff.ms=soon").find("retry.backoff.ms"), std::string::npos);
  EXPECT_NE(error("kafka://h/t?sasl.username=u&password_file=/run/secrets/none").find("password_file"),
            std::string::npos);
  RecordDestination attributes;
  attributes.sink = HttpDestination{.url = "https://h/x",
                                    .name = {},
                                    .access_key = {},
                                    .json_lines = true,
                                    .gzip = false,
                                    .common_attributes = {{"a", "b"}}};
  EXPECT_FALSE(make_record_sink(attributes, test_source(), environment).ok());
}

TEST_F(SinkFactoryTest, HostsAreJudgedByEveryAddressTheyHave) {
  environment.address_allowed = [](const IpAddress& address) { return address.to_string() != "10.0.0.7"; };
  environment.resolve = [](const std::string& host) -> Result<std::vector<IpAddress>> {
    if (host == "mixed") return std::vector{*IpAddress::parse("192.0.2.1"), *IpAddress::parse("10.0.0.7")};
    return std::vector{*IpAddress::parse("192.0.2.1")};
  };
  EXPECT_EQ(*judged_host("good", false, environment), "192.0.2.1");
  EXPECT_EQ(*judged_host("good", true, environment), "good");
  EXPECT_EQ(judged_host("mixed", true, environment).error().context, "host mixed: address 10.0.0.7 is not allowed");
  environment.address_allowed = {};
  EXPECT_EQ(*judged_host("good", false, environment), "good");
}

TEST_F(SinkFactoryTest, HttpSinkReachesARealServerAndARefusedAddressGetsNoByte) {
  test::LoopbackServer server([](const auto&) { return test::LoopbackServer::answer(200, "ok"); });
  Records records;
  records.add("k", "{}");
  auto sink = make("jsonl+" + server.url("/in"));
  ASSERT_TRUE(sink.ok());
  EXPECT_EQ((*sink)->deliver(records, test_attempt()).settled, 1u);
  ASSERT_EQ(server.requests().size(), 1u);
  EXPECT_EQ(server.requests()[0].body, "{}\n");
  environment.http = [] {
    CurlHttpClientOptions options;
    options.address_allowed = [](const IpAddress&) { return false; };
    return std::make_unique<CurlHttpClient>(options);
  };
  auto refused = make("jsonl+" + server.url("/in"));
  EXPECT_NE((*refused)->deliver(records, test_attempt()).error.find("permission"), std::string::npos);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(SinkFactoryTest, RedirectIsNotFollowed) {
  test::LoopbackServer other([](const auto&) { return test::LoopbackServer::answer(200, ""); });
  test::LoopbackServer server(
      [&](const auto&) { return test::LoopbackServer::answer(307, "", "Location: " + other.url("/secret") + "\r\n"); });
  Records records;
  records.add("k", "{}");
  const auto outcome = (*make("jsonl+" + server.url("/in")))->deliver(records, test_attempt());
  EXPECT_EQ(outcome.settled, 0u);
  EXPECT_NE(outcome.error.find("redirects are not followed"), std::string::npos);
  EXPECT_TRUE(other.requests().empty());
}

TEST_F(SinkFactoryTest, EndlessAnswerIsCut) {
  test::LoopbackServer server(
      [](const auto&) { return test::LoopbackServer::answer(200, std::string(2u << 20, 'x')); });
  Records records;
  records.add("k", "{}");
  const auto outcome = (*make(server.url("/in")))->deliver(records, test_attempt());
  EXPECT_EQ(outcome.settled, 0u);
  EXPECT_NE(outcome.error.find("too_large"), std::string::npos) << outcome.error;
}

}  // namespace
}  // namespace forebay::gateway::delivery
