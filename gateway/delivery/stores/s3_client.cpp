#include "gateway/delivery/stores/s3_client.h"

#include <algorithm>

#include "wire/aws/sigv4.h"

namespace forebay::gateway::delivery {
namespace {

using Step = S3Verdict::Step;

constexpr Milliseconds kTimeoutBase{30'000};
constexpr std::size_t kSlowestBytesPerMs = 256;  // 256 kB/s: slower than that counts as stuck
constexpr Milliseconds kRetryAfterMax{5'000};    // a longer wait is the caller's

Milliseconds timeout_of(const S3Call& call) {
  const std::size_t bytes = call.body.size() + call.answer_bytes_max;
  return kTimeoutBase + Milliseconds(static_cast<std::int64_t>(bytes / kSlowestBytesPerMs));
}

}  // namespace

S3Client::S3Client(std::string region, std::shared_ptr<ClientPool> pool, std::shared_ptr<CredentialSource> credentials,
                   std::shared_ptr<Pause> pause, const S3World& world)
    : region_(std::move(region)),
      pool_(std::move(pool)),
      credentials_(std::move(credentials)),
      pause_(std::move(pause)),
      world_(world) {}

Result<HttpResponse> S3Client::perform(const S3Call& call) {
  const Sha256 hash = call.body_hash ? *call.body_hash : sha256(call.body);
  Backoff backoff(kBackoff);
  bool renewed = false;
  bool clock_set = false;
  int timeouts = 0;
  for (int number = 1;; ++number) {
    FB_TRY(Attempt tried, attempt(call, hash));
    S3Verdict& verdict = tried.verdict;
    if (verdict.step == Step::answer) return *std::move(tried.response);
    if (may_go_on(tried, renewed, clock_set)) continue;
    timeouts += verdict.error.code == Errc::timed_out ? 1 : 0;
    const bool again = verdict.step == Step::retry && number < kAttemptsMax && timeouts < kTimeoutsMax &&
                       verdict.retry_after <= kRetryAfterMax;
    if (!again) return std::move(verdict.error).with_context(call.what);
    world_.logger.debug("request to the object store is repeated", {{"call", call.what}, {"attempt", number}});
    const Milliseconds length = std::max(backoff.next(world_.entropy.next_u64()), verdict.retry_after);
    if (!pause_->wait(length)) return Error{Errc::cancelled, call.what + ": stopped"};
  }
}

Result<HttpResponse> S3Client::perform_once(const S3Call& call) {
  FB_TRY(Attempt tried, attempt(call, call.body_hash ? *call.body_hash : sha256(call.body)));
  if (tried.verdict.step == Step::answer) return *std::move(tried.response);
  return std::move(tried.verdict.error).with_context(call.what);
}

void S3Client::cancel() {
  pause_->cancel();
  pool_->cancel();
}

Result<S3Client::Attempt> S3Client::attempt(const S3Call& call, const Sha256& body_hash) {
  Attempt attempt;
  auto credentials = credentials_->get();
  if (!credentials) return std::move(credentials).error().with_context(call.what);
  attempt.credentials = *std::move(credentials);
  HttpRequest request;
  request.method = call.method;
  request.url = call.url;
  request.headers = call.headers;
  request.body = call.body;
  request.timeout = timeout_of(call);
  request.response_bytes_max = call.answer_bytes_max;
  attempt.skew = skew();
  const WallTime signed_at = world_.clock.wall_now() + attempt.skew;
  wire::aws::sign_s3(request, attempt.credentials, region_, body_hash, signed_at);
  auto response = pool_->perform(request);
  attempt.verdict = response ? judge_answer(*response, signed_at, call.expectations) : judge_failure(response.error());
  if (response) attempt.response = *std::move(response);
  return attempt;
}

/// True when the reason for a refusal was mended, each reason once per call; the next attempt may follow at once.
bool S3Client::may_go_on(const Attempt& attempt, bool& renewed, bool& clock_set) {
  if (attempt.verdict.step == Step::renew_credentials && !renewed) {
    renewed = true;
    credentials_->refused(attempt.credentials);
    const auto next = credentials_->get();
    return next.ok() && (next->access_key_id != attempt.credentials.access_key_id ||
                         next->session_token != attempt.credentials.session_token ||
                         next->secret_access_key != attempt.credentials.secret_access_key);
  }
  if (attempt.verdict.step == Step::set_clock && !clock_set && attempt.verdict.skew != Milliseconds(0)) {
    clock_set = true;
    // From what this attempt was signed with: others under way learn the same at the same time.
    skew_ms_ = (attempt.skew + attempt.verdict.skew).count();
    world_.logger.warning("the object store's clock differs; requests are signed with its time",
                          {{"difference_ms", skew_ms_.load()}});
    return true;
  }
  return false;
}

}  // namespace forebay::gateway::delivery
