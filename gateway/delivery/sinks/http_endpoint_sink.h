#pragma once

#include <functional>
#include <memory>

#include "base/http_client.h"
#include "gateway/delivery/definition.h"
#include "gateway/delivery/record_sink.h"

namespace forebay::gateway::delivery {

/// One whole gzip member of the bytes.
using GzipFunction = std::function<Buffer(ByteView)>;

/// Firehose's HTTP endpoint protocol 1.0: one POST of all records, settled by a well-formed answer of 200 that repeats
/// the request's id. 413 refuses the batch for good; everything else is worth another attempt.
class HttpEndpointSink final : public RecordSink {
 public:
  static constexpr std::size_t kRecordsMax = 10'000;
  static constexpr std::size_t kBodyBytesMax = 64u << 20;  ///< before compression
  static constexpr std::size_t kAnswerBytesMax = 1u << 20;
  static constexpr Milliseconds kTimeout{180'000};

  HttpEndpointSink(HttpDestination destination, const SourceShard& source, std::unique_ptr<HttpClient> http,
                   GzipFunction gzip, std::size_t bytes_max);

  [[nodiscard]] Limits limits() const override { return limits_; }
  Outcome deliver(std::span<const DeliveryRecord> records, const Attempt& attempt) override;
  void cancel() override { http_->cancel(); }

 private:
  [[nodiscard]] std::string body_of(std::span<const DeliveryRecord> records, const Attempt& attempt,
                                    std::string_view id) const;

  HttpDestination destination_;
  std::string source_arn_;
  std::string common_attributes_;  ///< the header's value; empty: none
  std::unique_ptr<HttpClient> http_;
  GzipFunction gzip_;
  Limits limits_;
};

}  // namespace forebay::gateway::delivery
