#include "gateway/delivery/stores/s3_verdict.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "wire/aws/date.h"
#include "wire/s3/error_answer.h"
#include "wire/s3/multipart.h"

namespace forebay::gateway::delivery {
namespace {

using Step = S3Verdict::Step;
using wire::s3::ErrorAnswer;

constexpr std::chrono::minutes kSkewAllowed{5};

/// The body did not arrive as it was sent, or the server gave up waiting for it: nothing was stored.
constexpr std::string_view kDamagedOnTheWay[] = {
    "BadDigest",  "IncompleteBody", "RequestTimeout", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch",
    "InvalidPart"};
constexpr std::string_view kBusy[] = {"InternalError",        "SlowDown",         "ServiceUnavailable",
                                      "ServerBusy",           "Throttling",       "ThrottlingException",
                                      "RequestLimitExceeded", "OperationAborted", "ConditionalRequestConflict"};
constexpr std::string_view kStaleKey[] = {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired",
                                          "InvalidToken", "InvalidAccessKeyId"};

template <std::size_t size>
bool is_one_of(const std::string& code, const std::string_view (&list)[size]) {
  return std::find(std::begin(list), std::end(list), code) != std::end(list);
}

/// "503 SlowDown: Please reduce your request rate." with the server's control characters taken out.
std::string told(int status, const ErrorAnswer& answer) {
  std::string text = std::to_string(status);
  if (!answer.code.empty()) text += " " + answer.code;
  if (!answer.message.empty()) text += ": " + answer.message;
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

Milliseconds retry_after_of(const HttpResponse& response) {
  const std::string_view text = response.header("retry-after");
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0) return Milliseconds(0);
  return std::chrono::seconds(std::min(seconds, 3600));
}

Milliseconds skew_of(const HttpResponse& response, WallTime signed_at) {
  const auto date = wire::aws::parse_http_date(response.header("date"));
  return date ? std::chrono::duration_cast<Milliseconds>(*date - signed_at) : Milliseconds(0);
}

S3Verdict make(Step step, Errc code, std::string text) {
  S3Verdict verdict;
  verdict.step = step;
  verdict.error = Error{code, std::move(text)};
  return verdict;
}

S3Verdict redirected(const HttpResponse& response, const ErrorAnswer& answer) {
  std::string text = told(response.status, answer) + "; redirects are not followed, the key would go to another host";
  const std::string_view region = response.header("x-amz-bucket-region");
  if (!answer.endpoint.empty())
    text += "; set the endpoint to that of " + answer.endpoint;
  else if (const std::string_view location = response.header("location"); !location.empty())
    text.append("; set the endpoint to that of ").append(location.substr(0, location.find('?')).substr(0, 200));
  if (!region.empty()) text.append("; set the region to ").append(region);
  return make(Step::fail, Errc::unavailable, std::move(text));
}

S3Verdict refused(const HttpResponse& response, const ErrorAnswer& answer, WallTime signed_at) {
  S3Verdict verdict = make(Step::fail, Errc::permission, told(response.status, answer));
  verdict.skew = skew_of(response, signed_at);
  const bool skewed = verdict.skew > kSkewAllowed || verdict.skew < -kSkewAllowed;
  if (skewed || answer.code == "RequestTimeTooSkewed") {
    verdict.step = Step::set_clock;
    verdict.error.context += "; the clocks of this machine and the store differ";
  } else if (answer.code.empty() || is_one_of(answer.code, kStaleKey)) {
    verdict.step = Step::renew_credentials;  // an answer to HEAD names no code
  }
  return verdict;
}

S3Verdict of_error(const HttpResponse& response, const ErrorAnswer& answer, WallTime signed_at) {
  const int status = response.status;
  const std::string text = told(status, answer);
  if (status >= 300 && status < 400) return redirected(response, answer);
  if (answer.code == "AuthorizationHeaderMalformed" || answer.code == "IllegalLocationConstraintException")
    return make(Step::fail, Errc::permission,
                text + (answer.region.empty() ? "; check the region" : "; set the region to " + answer.region));
  if (status == 401 || status == 403 || is_one_of(answer.code, kStaleKey)) return refused(response, answer, signed_at);
  if (status == 501 || answer.code == "NotImplemented")
    return make(Step::fail, Errc::invalid_argument,
                text + "; the store lacks this call; if that is the condition of a put, switch conditional puts off");
  if (status == 408) return make(Step::retry, Errc::timed_out, text);
  if (status == 409 || status == 429 || status >= 500 || is_one_of(answer.code, kBusy) ||
      is_one_of(answer.code, kDamagedOnTheWay)) {
    S3Verdict verdict = make(Step::retry, Errc::unavailable, text);
    verdict.retry_after = retry_after_of(response);
    return verdict;
  }
  // A 200 whose body is neither result nor error was cut on the way: what it meant to say is unknown.
  if (status < 300) return make(Step::retry, Errc::unavailable, text + ": an answer that cannot be read");
  return make(Step::fail, Errc::invalid_argument, text);
}

}  // namespace

S3Verdict judge_answer(const HttpResponse& response, WallTime signed_at, const S3Expectations& expectations) {
  const int status = response.status;
  const bool good = status >= 200 && status < 300;
  if (good && (!expectations.complete_result || wire::s3::is_complete_result(as_text(response.body)))) return {};
  if (status == 404 || status == 412) return {};
  if (status == 409 && expectations.conflict_is_answer) return {};
  return of_error(response, wire::s3::parse_error(as_text(response.body)).value_or(ErrorAnswer{}), signed_at);
}

S3Verdict judge_failure(const Error& error) {
  const bool passing = error.code == Errc::unavailable || error.code == Errc::timed_out;
  return make(passing ? Step::retry : Step::fail, error.code, error.context);
}

}  // namespace forebay::gateway::delivery
