#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/delivery/stores/s3_store.h"
#include "tests/support/log_capture.h"
#include "tests/support/manual_clock.h"
#include "tests/support/scripted_s3.h"
#include "tests/support/seeded_entropy.h"

namespace forebay::gateway::delivery {

/// Waits are counted and move the clock. Threads  any.
class CountedPause final : public Pause {
 public:
  explicit CountedPause(test::ManualClock& clock) : clock_(clock) {}
  bool wait(Milliseconds length) override {
    const std::lock_guard lock(mutex_);
    if (cancelled_) return false;
    lengths_.push_back(length);
    clock_.advance(length);
    return true;
  }
  void cancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
  }
  std::vector<Milliseconds> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lengths_, {});
  }

 private:
  test::ManualClock& clock_;
  std::mutex mutex_;
  std::vector<Milliseconds> lengths_;
  bool cancelled_ = false;
};

/// Hands out one key after the other as they are refused.
class KeyRing final : public CredentialSource {
 public:
  explicit KeyRing(std::vector<std::string> ids) : ids_(std::move(ids)) {}
  Result<wire::aws::Credentials> get() override {
    const std::lock_guard lock(mutex_);
    return wire::aws::Credentials{ids_[at_], "SECRET-CANARY-" + ids_[at_], "TOKEN-CANARY"};
  }
  void refused(const wire::aws::Credentials&) override {
    const std::lock_guard lock(mutex_);
    at_ = std::min(at_ + 1, ids_.size() - 1);
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> ids_;
  std::size_t at_ = 0;
};

/// A store over a scripted server; parts of 1,000 bytes, so that multipart is cheap.
struct S3Rig {
  static constexpr std::size_t kPartBytes = 1000;

  explicit S3Rig(std::uint64_t seed = 1, bool conditional = true, std::vector<std::string> keys = {"AKID1"})
      : entropy(seed) {
    auto pool = std::make_shared<ClientPool>(3, [this] { return server.client(); });
    auto client = std::make_unique<S3Client>("eu-west-1", std::move(pool), std::make_shared<KeyRing>(std::move(keys)),
                                             pause, S3World{clock, entropy, Logger(log, "store")});
    S3StoreOptions options;
    options.part_bytes = kPartBytes;
    options.multipart_above_bytes = 2 * kPartBytes;
    options.conditional_put = conditional;
    auto location = wire::s3::Location::make("http://s3.example:9000", "bucket", true);
    store = std::make_unique<S3Store>(*std::move(location), std::move(client), options);
  }

  Result<PutOutcome> put(const std::string& key, std::string_view body) {
    ObjectToPut object;
    object.key = key;
    object.body = as_bytes(body);
    object.content_type = "text/plain";
    return store->put(object);
  }
  [[nodiscard]] std::string stored(const std::string& key) const {
    const auto objects = server.objects();
    const auto found = objects.find(key);
    return found == objects.end() ? "(none)" : std::string(as_text(found->second.body));
  }

  test::ManualClock clock;
  test::SeededEntropy entropy;
  test::LogCapture log;
  test::ScriptedS3 server{clock};
  std::shared_ptr<CountedPause> pause = std::make_shared<CountedPause>(clock);
  std::unique_ptr<S3Store> store;
};

/// Different bytes for different `seed`.
inline std::string body_of(std::size_t size, unsigned seed) {
  std::string body(size, '\0');
  for (std::size_t i = 0; i < size; ++i) body[i] = static_cast<char>((i * 31 + seed * 7 + i / 251) & 0xff);
  return body;
}

}  // namespace forebay::gateway::delivery
