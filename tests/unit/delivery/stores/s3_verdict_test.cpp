// Every answer a server may give, and what it makes the client do.
#include "gateway/delivery/stores/s3_verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace forebay::gateway::delivery {
namespace {

using Step = S3Verdict::Step;
using ::testing::HasSubstr;

const WallTime kNow = from_millis(1'767'323'045'000);  // 2026-01-02T03:04:05Z

HttpResponse answer(int status, const std::string& code = "", const std::string& more = "") {
  HttpResponse response;
  response.status = status;
  if (!code.empty())
    response.body = to_buffer(as_bytes("<Error><Code>" + code + "</Code><Message>m</Message>" + more + "</Error>"));
  return response;
}

TEST(S3Verdict, EveryAnswerHasItsStep) {
  struct Row {
    int status;
    const char* code;
    Step step;
    Errc errc;
  };
  const Row rows[] = {
      {200, "", Step::answer, Errc::io},
      {204, "", Step::answer, Errc::io},
      {404, "NoSuchKey", Step::answer, Errc::io},
      {412, "PreconditionFailed", Step::answer, Errc::io},
      {301, "PermanentRedirect", Step::fail, Errc::unavailable},
      {307, "TemporaryRedirect", Step::fail, Errc::unavailable},
      {400, "InvalidBucketName", Step::fail, Errc::invalid_argument},
      {400, "", Step::fail, Errc::invalid_argument},
      {400, "BadDigest", Step::retry, Errc::unavailable},
      {400, "IncompleteBody", Step::retry, Errc::unavailable},
      {400, "RequestTimeout", Step::retry, Errc::unavailable},
      {400, "XAmzContentSHA256Mismatch", Step::retry, Errc::unavailable},
      {400, "InvalidPart", Step::retry, Errc::unavailable},
      {400, "ExpiredToken", Step::renew_credentials, Errc::permission},
      {400, "AuthorizationHeaderMalformed", Step::fail, Errc::permission},
      {401, "Unauthorized", Step::fail, Errc::permission},
      {403, "AccessDenied", Step::fail, Errc::permission},
      {403, "SignatureDoesNotMatch", Step::fail, Errc::permission},
      {403, "InvalidAccessKeyId", Step::renew_credentials, Errc::permission},
      {403, "", Step::renew_credentials, Errc::permission},
      {403, "RequestTimeTooSkewed", Step::set_clock, Errc::permission},
      {405, "MethodNotAllowed", Step::fail, Errc::invalid_argument},
      {408, "", Step::retry, Errc::timed_out},
      {409, "ConditionalRequestConflict", Step::retry, Errc::unavailable},
      {409, "OperationAborted", Step::retry, Errc::unavailable},
      {429, "", Step::retry, Errc::unavailable},
      {500, "InternalError", Step::retry, Errc::unavailable},
      {501, "NotImplemented", Step::fail, Errc::invalid_argument},
      {502, "", Step::retry, Errc::unavailable},
      {503, "SlowDown", Step::retry, Errc::unavailable},
      {504, "", Step::retry, Errc::unavailable},
      {507, "", Step::retry, Errc::unavailable},
      {599, "", Step::retry, Errc::unavailable},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::to_string(row.status) + " " + row.code);
    const S3Verdict verdict = judge_answer(answer(row.status, row.code), kNow, {});
    EXPECT_EQ(verdict.step, row.step);
    if (row.step == Step::answer) continue;
    EXPECT_EQ(verdict.error.code, row.errc);
    EXPECT_THAT(verdict.error.context, HasSubstr(std::to_string(row.status)));
    EXPECT_THAT(verdict.error.context, HasSubstr(row.code));
  }
}

TEST(S3Verdict, WhatTheCallerExpectsChangesTheStep) {
  EXPECT_EQ(judge_answer(answer(409, "X"), kNow, {.conflict_is_answer = true}).step, Step::answer);
  const S3Expectations complete{.complete_result = true};
  HttpResponse good = answer(200);
  good.body = to_buffer(as_bytes("<CompleteMultipartUploadResult></CompleteMultipartUploadResult>"));
  EXPECT_EQ(judge_answer(good, kNow, complete).step, Step::answer);
  EXPECT_EQ(judge_answer(answer(200, "InternalError"), kNow, complete).step, Step::retry);
  EXPECT_EQ(judge_answer(answer(200, "AccessDenied"), kNow, complete).step, Step::retry);
  EXPECT_EQ(judge_answer(answer(200), kNow, complete).step, Step::retry);
}

TEST(S3Verdict, AClockThatDiffersShowsInAnyRefusal) {
  HttpResponse refused = answer(403, "AccessDenied");
  refused.headers = {{"date", "Fri, 02 Jan 2026 03:24:05 GMT"}};
  const S3Verdict verdict = judge_answer(refused, kNow, {});
  EXPECT_EQ(verdict.step, Step::set_clock);
  EXPECT_EQ(verdict.skew, std::chrono::minutes(20));
  refused.headers = {{"date", "Fri, 02 Jan 2026 03:08:05 GMT"}};
  EXPECT_EQ(judge_answer(refused, kNow, {}).step, Step::fail);
}

TEST(S3Verdict, TellsTheRemedyAndNothingOfTheServersControlCharacters) {
  EXPECT_THAT(
      judge_answer(answer(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"), kNow, {}).error.context,
      HasSubstr("set the region to eu-west-1"));
  EXPECT_THAT(
      judge_answer(answer(301, "PermanentRedirect", "<Endpoint>b.s3.eu.example</Endpoint>"), kNow, {}).error.context,
      HasSubstr("set the endpoint to that of b.s3.eu.example"));
  EXPECT_THAT(judge_answer(answer(501, "NotImplemented"), kNow, {}).error.context,
              HasSubstr("switch conditional puts off"));
  const S3Verdict odd = judge_answer(answer(400, "A&#10;B&#27;[31m"), kNow, {});
  EXPECT_THAT(odd.error.context, HasSubstr("A B [31m"));
}

TEST(S3Verdict, RetryAfterIsReadAndBounded) {
  HttpResponse busy = answer(503, "SlowDown");
  for (const auto& [text, seconds] :
       {std::pair("3", 3), std::pair("999999", 3600), std::pair("-1", 0), std::pair("soon", 0)}) {
    busy.headers = {{"retry-after", text}};
    EXPECT_EQ(judge_answer(busy, kNow, {}).retry_after, std::chrono::seconds(seconds)) << text;
  }
}

TEST(S3Verdict, OnlyPassingFailuresAreRepeated) {
  for (const Errc code : {Errc::unavailable, Errc::timed_out}) EXPECT_EQ(judge_failure({code, "x"}).step, Step::retry);
  for (const Errc code : {Errc::cancelled, Errc::permission, Errc::invalid_argument, Errc::too_large})
    EXPECT_EQ(judge_failure({code, "x"}).step, Step::fail);
}

}  // namespace
}  // namespace forebay::gateway::delivery
