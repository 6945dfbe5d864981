#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "base/http_client.h"
#include "base/units.h"

namespace forebay::gateway::delivery {

/// What to do about an answer of an S3 server, or about none. Pure.
struct S3Verdict {
  enum class Step : std::uint8_t {
    answer,             ///< the caller understands it: 2xx, 404, 412, and 409 when it asked for that
    retry,              ///< worth another attempt after a pause; `error` when attempts are used up
    renew_credentials,  ///< worth another attempt with a newer key; else `error`
    set_clock,          ///< the server's clock differs by `skew`: worth another attempt with its time; else `error`
    fail,               ///< `error`
  };
  Step step = Step::answer;
  Error error;
  Milliseconds retry_after{0};  ///< what the server asked for
  Milliseconds skew{0};         ///< server's time less the time the request was signed with
};

struct S3Expectations {
  bool conflict_is_answer = false;  ///< 409 is not repeated as it is
  bool complete_result = false;     ///< a 2xx counts only when its body is a CompleteMultipartUploadResult
};

/// `signed_at` is the time the request was signed with.
S3Verdict judge_answer(const HttpResponse& response, WallTime signed_at, const S3Expectations& expectations);
/// Of a request that got no answer.
S3Verdict judge_failure(const Error& error);

}  // namespace forebay::gateway::delivery
