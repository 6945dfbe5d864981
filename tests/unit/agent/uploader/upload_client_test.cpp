// HttpUploadClient against scripted HTTP answers: signing, clock correction, what each status means.
#include "agent/uploader/upload_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "tests/support/log_capture.h"
#include "tests/support/manual_clock.h"

namespace forebay::agent {
namespace {

using testing::HasSubstr;

class ScriptedHttp final : public HttpClient {
 public:
  Result<HttpResponse> perform(const HttpRequest& request) override {
    requests.push_back(request);
    if (answers.empty()) return Error{Errc::unavailable, "connection refused"};
    HttpResponse answer = answers.front();
    answers.pop_front();
    return answer;
  }
  void cancel() override {}

  std::vector<HttpRequest> requests;
  std::deque<HttpResponse> answers;
};

HttpResponse answer(int status, std::vector<std::pair<std::string, std::string>> headers = {}, Buffer body = {}) {
  return {status, std::move(headers), std::move(body)};
}

class UploadClientTest : public testing::Test {
 protected:
  std::string header(std::size_t request, std::string_view name) {
    for (const auto& [key, value] : http.requests.at(request).headers)
      if (key == name) return value;
    return {};
  }
  FailureKind open_failure() {
    auto result = client.open({});
    const auto* failure = std::get_if<UploadFailure>(&result);
    EXPECT_NE(failure, nullptr);
    return failure == nullptr ? FailureKind::protocol : failure->kind;
  }
  HttpResponse open_reply() {
    Buffer body;
    wire::upload::OpenReply reply;
    reply.timeline = 5;
    wire::upload::encode(reply, body);
    return answer(200, {}, std::move(body));
  }

  ScriptedHttp http;
  test::ManualClock clock;  // 2026-01-02T03:04:05Z
  test::LogCapture log;
  int loads = 0;
  HttpUploadClient client{http,
                          clock,
                          Logger(log, "test"),
                          {"https://gw:4567", "us-east-1", Milliseconds(1'000)},
                          [this]() -> Result<wire::aws::Credentials> {
                            ++loads;
                            return wire::aws::Credentials{"AKID", "secret", ""};
                          }};
};

TEST_F(UploadClientTest, RequestIsSignedAndReplyDecoded) {
  http.answers.push_back(open_reply());
  auto result = client.open({});
  ASSERT_TRUE(std::holds_alternative<wire::upload::OpenReply>(result));
  EXPECT_EQ(std::get<wire::upload::OpenReply>(result).timeline, 5u);
  EXPECT_EQ(http.requests[0].url, "https://gw:4567/upload/v1/open");
  EXPECT_EQ(header(0, "x-amz-date"), "20260102T030405Z");
  EXPECT_THAT(header(0, "authorization"), HasSubstr("Credential=AKID/20260102/us-east-1/forebay/aws4_request"));
  EXPECT_EQ(header(0, "content-type"), wire::upload::kContentType);
}

TEST_F(UploadClientTest, RefusedTimeIsCorrectedFromTheAnswersDateForLaterRequests) {
  http.answers.push_back(answer(403, {{"date", "Wed, 02 Jan 2030 03:04:05 GMT"}}));
  http.answers.push_back(open_reply());
  EXPECT_EQ(open_failure(), FailureKind::clock_skew);
  EXPECT_TRUE(std::holds_alternative<wire::upload::OpenReply>(client.open({})));
  EXPECT_EQ(header(1, "x-amz-date"), "20300102T030405Z");
  EXPECT_EQ(log.count("clock differs"), 1u);
}

TEST_F(UploadClientTest, RefusalWithTheRightTimeIsAboutTheKeyAndReadsItAgain) {
  http.answers.push_back(answer(403, {{"date", "Fri, 02 Jan 2026 03:04:35 GMT"}}));
  http.answers.push_back(open_reply());
  EXPECT_EQ(open_failure(), FailureKind::permission);
  (void)client.open({});
  EXPECT_EQ(loads, 2);
}

TEST_F(UploadClientTest, SkewIsCorrectedOnceThenTheKeyIsToBlame) {
  for (int i = 0; i < 2; ++i) http.answers.push_back(answer(403, {{"date", "Wed, 02 Jan 2030 03:04:05 GMT"}}));
  EXPECT_EQ(open_failure(), FailureKind::clock_skew);
  EXPECT_EQ(open_failure(), FailureKind::permission);
}

TEST_F(UploadClientTest, EachStatusHasItsKind) {
  const std::vector<std::pair<int, FailureKind>> cases{{400, FailureKind::protocol},  {404, FailureKind::protocol},
                                                       {413, FailureKind::too_large}, {429, FailureKind::throttled},
                                                       {500, FailureKind::server},    {502, FailureKind::server},
                                                       {503, FailureKind::throttled}};
  for (const auto& [status, kind] : cases) {
    http.answers.push_back(answer(status));
    EXPECT_EQ(open_failure(), kind) << status;
  }
  EXPECT_EQ(open_failure(), FailureKind::link) << "no answer at all";
}

TEST_F(UploadClientTest, TimeGrowsWithTheBodyButAStandstillIsCut) {
  http.answers.push_back(answer(500));
  http.answers.push_back(answer(500));
  (void)client.send({});
  (void)client.send(Buffer(2'000'000, 'x'));
  EXPECT_EQ(http.requests.at(1).timeout - http.requests.at(0).timeout, Milliseconds(2'000'000)) << "1 kB/s is enough";
  EXPECT_EQ(http.requests.at(1).stall_timeout, Milliseconds(1'000));
}

TEST_F(UploadClientTest, RetryAfterIsPassedOn) {
  http.answers.push_back(answer(503, {{"retry-after", "7"}}));
  auto result = client.send({});
  EXPECT_EQ(std::get<UploadFailure>(result).retry_after, Milliseconds(7'000));
}

TEST_F(UploadClientTest, DamagedReplyAcknowledgesNothing) {
  http.answers.push_back(answer(200, {}, Buffer{1, 2, 3}));
  auto result = client.send({});
  EXPECT_EQ(std::get<UploadFailure>(result).kind, FailureKind::protocol);
}

}  // namespace
}  // namespace forebay::agent
