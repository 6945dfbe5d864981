#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/backoff.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/entropy.h"
#include "base/log.h"
#include "gateway/delivery/stores/client_pool.h"
#include "gateway/delivery/stores/credentials.h"
#include "gateway/delivery/stores/pause.h"
#include "gateway/delivery/stores/s3_verdict.h"

namespace forebay::gateway::delivery {

/// What a store needs of the world; all outlive it.
struct S3World {
  const Clock& clock;
  Entropy& entropy;
  Logger logger;
};

/// One call to an S3 server.
struct S3Call {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  ByteView body;
  std::optional<Sha256> body_hash;  ///< when the caller has it already
  std::size_t answer_bytes_max = 1 << 20;
  S3Expectations expectations;
  std::string what;  ///< for error texts: "bucket b, put k"
};

/// Signs calls and sends them, repeated with back-off and jitter while that can help: a few attempts within seconds.
/// Clock differences are learnt from the server's Date. Redirects are errors. Threads  any; as many calls at a time as
/// the pool has clients.
class S3Client {
 public:
  static constexpr int kAttemptsMax = 5;
  static constexpr int kTimeoutsMax = 2;  ///< each costs the whole time limit
  static constexpr BackoffOptions kBackoff{Milliseconds(200), Milliseconds(2000)};

  /// `pool`, `credentials` and `pause` are shared with others.
  S3Client(std::string region, std::shared_ptr<ClientPool> pool, std::shared_ptr<CredentialSource> credentials,
           std::shared_ptr<Pause> pause, const S3World& world);

  /// Success  an answer with status 2xx, 404, 412, or 409 when expected.
  Result<HttpResponse> perform(const S3Call& call);
  /// The same, once.
  Result<HttpResponse> perform_once(const S3Call& call);
  void cancel();
  /// False when it was cancelled.
  bool wait(Milliseconds length) { return pause_->wait(length); }
  [[nodiscard]] std::size_t connections() const { return pool_->size(); }
  /// Server's time less ours, as far as learnt.
  [[nodiscard]] Milliseconds skew() const { return Milliseconds(skew_ms_.load()); }

 private:
  struct Attempt {
    std::optional<HttpResponse> response;
    S3Verdict verdict;
    wire::aws::Credentials credentials;
    Milliseconds skew{0};  ///< that it was signed with
  };
  Result<Attempt> attempt(const S3Call& call, const Sha256& body_hash);
  bool may_go_on(const Attempt& attempt, bool& renewed, bool& clock_set);

  const std::string region_;
  const std::shared_ptr<ClientPool> pool_;
  const std::shared_ptr<CredentialSource> credentials_;
  const std::shared_ptr<Pause> pause_;
  const S3World world_;
  std::atomic<std::int64_t> skew_ms_{0};
};

}  // namespace forebay::gateway::delivery
