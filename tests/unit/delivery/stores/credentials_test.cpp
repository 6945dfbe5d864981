// Where keys come from: files in both forms, the environment, the metadata service with its token; and that none of
// them shows in an error.
#include "gateway/delivery/stores/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>

#include "gateway/delivery/stores/credential_file.h"
#include "sys/posix_file_system.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_directory.h"

namespace forebay::gateway::delivery {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(CredentialFile, ReadsOurFormAndThatOfAws) {
  const auto ours =
      parse_credential_file("# key\naccess_key_id = \"A\"\nsecret_access_key = \"S/+=\"\n", "default", "f");
  ASSERT_TRUE(ours.ok());
  EXPECT_EQ(ours->access_key_id, "A");
  EXPECT_EQ(ours->secret_access_key, "S/+=");
  const char* aws =
      "[default]\naws_access_key_id=D\naws_secret_access_key = DS\r\nregion = x\n\n[ other ]\n; note\n"
      "aws_access_key_id = O\naws_secret_access_key=OS\naws_session_token=T==\n";
  EXPECT_EQ(parse_credential_file(aws, "default", "f")->secret_access_key, "DS");
  EXPECT_EQ(parse_credential_file(aws, "other", "f")->session_token, "T==");
  EXPECT_EQ(parse_credential_file(aws, "none", "f").error().code, Errc::not_found);
}

TEST(CredentialFile, DamageIsNamedByLineWithoutItsValues) {
  for (const char* text : {"access_key_id = A\nCANARY\n", "[default\naccess_key_id = CANARY",
                           "access_key_id = CANARY CANARY\n", "secret_access_key = CANARY\n",
                           "access_key_id = \x01"
                           "CANARY\n"}) {
    const auto parsed = parse_credential_file(text, "default", "file");
    ASSERT_FALSE(parsed.ok());
    EXPECT_THAT(parsed.error().context, HasSubstr("file"));
    EXPECT_THAT(parsed.error().context, Not(HasSubstr("CANARY")));
  }
}

TEST(FileCredentials, MustBePrivateAndAreReadAgainWhenChanged) {
  test::TempDirectory directory;
  test::ManualClock clock;
  PosixFileSystem files;
  const std::string path = directory.write("key", "access_key_id = A\nsecret_access_key = S\n");
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(file_credentials(files, clock, path, "default", false)->get().error().code, Errc::permission);
  EXPECT_TRUE(file_credentials(files, clock, path, "default", true)->get().ok()) << "systemd's folder is closed itself";
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  const auto source = file_credentials(files, clock, path, "default", false);
  EXPECT_EQ(source->get()->access_key_id, "A");
  directory.write("key", "access_key_id = LONGER\nsecret_access_key = S\n");
  EXPECT_EQ(source->get()->access_key_id, "A") << "not looked at more than once a second";
  clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(source->get()->access_key_id, "LONGER");
  directory.write("key", "access_key_id = LONGE2\nsecret_access_key = S\n");
  source->refused(*source->get());
  EXPECT_EQ(source->get()->access_key_id, "LONGE2") << "looked at when the key is refused";
  ASSERT_TRUE(files.remove(path).ok());
  clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(source->get().error().code, Errc::not_found);
}

TEST(EnvironmentCredentials, NameWhatIsMissing) {
  std::map<std::string, std::string> variables = {{"AWS_ACCESS_KEY_ID", "A"}};
  const auto environment = [&](const std::string& name) {
    return variables.contains(name) ? std::optional(variables[name]) : std::nullopt;
  };
  const auto missing = environment_credentials(environment);
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().context, HasSubstr("AWS_SECRET_ACCESS_KEY"));
  variables["AWS_SECRET_ACCESS_KEY"] = "S";
  variables["AWS_SESSION_TOKEN"] = "T";
  EXPECT_EQ((*environment_credentials(environment))->get()->session_token, "T");
}

/// The metadata service as an HttpClient.
class Metadata final : public HttpClient {
 public:
  struct State {
    int fetches = 0;
    int status = 200;
    std::string key = "AKID1";
    std::string expires = "2026-01-02T04:04:05Z";
    std::string document_code = "Success";
    std::vector<std::string> urls;
  };
  explicit Metadata(State& state) : state_(state) {}

  Result<HttpResponse> perform(const HttpRequest& request) override {
    state_.urls.push_back(request.method + " " + request.url);
    const auto& [name, value] = request.headers.at(0);
    if (state_.status != 200) return respond(state_.status, "");
    if (request.url.ends_with("/latest/api/token"))
      return request.method == "PUT" && name == "X-aws-ec2-metadata-token-ttl-seconds" ? respond(200, "TOKEN")
                                                                                       : respond(405, "");
    if (name != "X-aws-ec2-metadata-token" || value != "TOKEN") return respond(401, "");
    if (request.url.ends_with("/security-credentials/")) return respond(200, "role 1\nrole2\n");
    if (!request.url.ends_with("/security-credentials/role%201")) return respond(404, "");
    ++state_.fetches;
    return respond(200, R"({"Code":")" + state_.document_code + R"(","AccessKeyId":")" + state_.key +
                            R"(","SecretAccessKey":"CANARY","Token":"CANARY2","Expiration":")" + state_.expires +
                            "\"}");
  }
  void cancel() override {}

 private:
  static HttpResponse respond(int status, const std::string& body) { return {status, {}, to_buffer(as_bytes(body))}; }
  State& state_;
};

TEST(InstanceCredentials, AreFetchedWithATokenAndRefreshedBeforeTheyEnd) {
  test::ManualClock clock;  // 03:04:05
  Metadata::State state;
  const auto source = instance_credentials(std::make_unique<Metadata>(state), clock, "http://169.254.169.254");
  const auto first = source->get();
  ASSERT_TRUE(first.ok()) << first.error().to_string();
  EXPECT_EQ(first->access_key_id, "AKID1");
  EXPECT_EQ(first->session_token, "CANARY2");
  EXPECT_EQ(state.urls.at(0), "PUT http://169.254.169.254/latest/api/token");
  ASSERT_TRUE(source->get().ok());
  clock.advance(std::chrono::minutes(54));
  ASSERT_TRUE(source->get().ok());
  EXPECT_EQ(state.fetches, 1);
  clock.advance(std::chrono::minutes(2));  // less than five minutes left
  state.key = "AKID2";
  state.expires = "2026-01-02T10:00:00Z";
  EXPECT_EQ(source->get()->access_key_id, "AKID2");
  EXPECT_EQ(state.fetches, 2);
  state.key = "AKID3";
  source->refused(*source->get());
  EXPECT_EQ(source->get()->access_key_id, "AKID3");
}

TEST(InstanceCredentials, OldOnesServeWhileTheServiceIsSilentUntilTheyEnd) {
  test::ManualClock clock;
  Metadata::State state;
  const auto source = instance_credentials(std::make_unique<Metadata>(state), clock, "http://169.254.169.254");
  ASSERT_TRUE(source->get().ok());
  state.status = 503;
  clock.advance(std::chrono::minutes(57));
  const std::size_t before = state.urls.size();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(source->get()->access_key_id, "AKID1");
  EXPECT_EQ(state.urls.size(), before + 1) << "the silent service is not asked for every request";
  clock.advance(std::chrono::minutes(4));
  const auto ended = source->get();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, Errc::unavailable);
}

TEST(InstanceCredentials, KeyNearItsEndIsAskedForEveryFewSecondsOnly) {
  test::ManualClock clock;
  Metadata::State state;
  state.expires = "2026-01-02T03:07:05Z";  // in three minutes, and the service has no other yet
  const auto source = instance_credentials(std::make_unique<Metadata>(state), clock, "http://169.254.169.254");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(source->get()->access_key_id, "AKID1");
  EXPECT_EQ(state.fetches, 1);
  clock.advance(std::chrono::seconds(6));
  state.key = "AKID2";
  EXPECT_EQ(source->get()->access_key_id, "AKID2");
}

TEST(InstanceCredentials, AnswersWithoutAKeyAreErrorsWithoutSecrets) {
  test::ManualClock clock;
  for (const auto& [code, expires, status] :
       {std::tuple("Failed", "2026-01-02T04:04:05Z", 200), std::tuple("Success", "soon", 200),
        std::tuple("Success", "2026-01-02T04:04:05Z", 404)}) {
    Metadata::State state;
    state.document_code = code;
    state.expires = expires;
    state.status = status;
    const auto failed = instance_credentials(std::make_unique<Metadata>(state), clock, "http://169.254.169.254")->get();
    ASSERT_FALSE(failed.ok());
    EXPECT_THAT(failed.error().context, HasSubstr("credentials of the instance"));
    EXPECT_THAT(failed.error().context, Not(HasSubstr("CANARY")));
  }
}

}  // namespace
}  // namespace forebay::gateway::delivery
