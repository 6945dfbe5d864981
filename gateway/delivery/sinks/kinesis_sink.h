#pragma once

#include <functional>
#include <memory>
#include <set>

#include "base/clock.h"
#include "base/http_client.h"
#include "gateway/delivery/definition.h"
#include "gateway/delivery/sinks/record_fates.h"
#include "wire/aws/credentials.h"

namespace forebay::gateway::delivery {

/// Called before each request: credentials of an instance are renewed now and then. Threads  any.
using CredentialsFunction = std::function<Result<wire::aws::Credentials>()>;
/// Told of a key that the service calls expired or unknown: the next one asked for should be newer. Threads  any.
using RefusedFunction = std::function<void(const wire::aws::Credentials&)>;

/// Puts records into another Kinesis stream, of AWS or of a gateway, with signed PutRecords. Only refused entries are
/// put again. PutRecords keeps no order of its own, so with order_per_key a request holds one record of a key at most,
/// and a refused one holds back those behind it. A record that the service refuses for what it is becomes a failure.
class KinesisSink final : public RecordSink {
 public:
  static constexpr std::size_t kRequestRecordsMax = 500;
  static constexpr std::size_t kRequestBytesMax = 5u << 20;  ///< data and keys
  /// More than one request: records of many keys fill requests better.
  static constexpr Limits kLimits{2'500, 8u << 20};

  /// `refused` may be empty.
  KinesisSink(KinesisDestination destination, std::unique_ptr<HttpClient> http, CredentialsFunction credentials,
              const Clock& clock, RefusedFunction refused = {});

  [[nodiscard]] Limits limits() const override { return kLimits; }
  Outcome deliver(std::span<const DeliveryRecord> records, const Attempt& attempt) override;
  void cancel() override { http_->cancel(); }

 private:
  using Entries = std::vector<const DeliveryRecord*>;
  /// What one call learns.
  struct Call {
    std::set<std::string_view> held;  ///< keys with a refused record
    bool stopped = false;             ///< the service as a whole could not be used
    std::string error;
    std::optional<Milliseconds> retry_after;
  };

  /// Takes the records of one request out of those that are left; what is held back goes from them too.
  [[nodiscard]] Entries take_entries(Entries& left, const Call& call) const;
  void put(std::span<const DeliveryRecord* const> entries, Call& call);
  void take_results(std::span<const DeliveryRecord* const> entries, const HttpResponse& response, Call& call);
  void take_refusal(std::span<const DeliveryRecord* const> entries, const HttpResponse& response, Call& call);
  [[nodiscard]] std::string body_of(std::span<const DeliveryRecord* const> entries) const;
  Result<HttpResponse> send(std::string_view body);
  /// True when the reason for a refusal was mended: clock or key. The request may follow again at once.
  bool mend(const HttpResponse& response);
  bool correct_clock(const HttpResponse& response, std::string_view message);
  bool renew_key();

  KinesisDestination destination_;
  std::unique_ptr<HttpClient> http_;
  CredentialsFunction credentials_;
  RefusedFunction refused_;
  wire::aws::Credentials used_;  ///< of the last request
  const Clock& clock_;
  Milliseconds skew_{0};  ///< the service's clock minus ours, learnt from a refusal
  RecordFates fates_;
};

}  // namespace forebay::gateway::delivery
