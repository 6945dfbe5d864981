#pragma once

#include <memory>

#include "gateway/delivery/sinks/http_endpoint_sink.h"

namespace forebay::gateway::delivery {

/// JSON lines over HTTP: a POST of application/x-ndjson with one record a line, settled by any 2xx. A line break inside
/// a record becomes a blank, which changes no JSON value; what is no JSON value is a failure of that record. The
/// attempt's id goes along as Idempotency-Key, the access key as a bearer token (as it is when it names its own
/// scheme).
class JsonLinesSink final : public RecordSink {
 public:
  static constexpr std::size_t kRecordsMax = 10'000;
  static constexpr std::size_t kBodyBytesMax = 64u << 20;

  JsonLinesSink(HttpDestination destination, std::unique_ptr<HttpClient> http, GzipFunction gzip,
                std::size_t bytes_max);

  [[nodiscard]] Limits limits() const override { return limits_; }
  Outcome deliver(std::span<const DeliveryRecord> records, const Attempt& attempt) override;
  void cancel() override { http_->cancel(); }

 private:
  Outcome post(ByteView lines, const Attempt& attempt);

  HttpDestination destination_;
  std::unique_ptr<HttpClient> http_;
  GzipFunction gzip_;
  Limits limits_;
};

}  // namespace forebay::gateway::delivery
