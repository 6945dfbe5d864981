#include "gateway/delivery/sinks/http_endpoint_sink.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "gateway/delivery/sinks/firehose_answer.h"
#include "gateway/delivery/sinks/http_failure.h"
#include "gateway/delivery/sinks/request_id.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::size_t kRecordFrame = 12;  // {"data":""},
constexpr std::size_t kBodyFrame = 256;   // id, time and brackets

constexpr std::size_t kDataBytesMax =
    (HttpEndpointSink::kBodyBytesMax - kBodyFrame - HttpEndpointSink::kRecordsMax * (kRecordFrame + 4)) / 4 * 3;

std::string header_of(const std::vector<std::pair<std::string, std::string>>& attributes) {
  if (attributes.empty()) return {};
  nlohmann::ordered_json values = nlohmann::ordered_json::object();
  for (const auto& [name, value] : attributes) values[name] = value;
  nlohmann::ordered_json header;
  header["commonAttributes"] = std::move(values);
  // Header values are ASCII: other characters go as \u escapes.
  return header.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

HttpEndpointSink::HttpEndpointSink(HttpDestination destination, const SourceShard& source,
                                   std::unique_ptr<HttpClient> http, GzipFunction gzip, std::size_t bytes_max)
    : destination_(std::move(destination)),
      source_arn_("arn:aws:firehose:" + source.region + ":" + source.account + ":deliverystream/" + source.delivery),
      common_attributes_(header_of(destination_.common_attributes)),
      http_(std::move(http)),
      gzip_(std::move(gzip)),
      limits_{kRecordsMax, std::min(bytes_max, kDataBytesMax)} {
  FB_ASSERT(!destination_.gzip || gzip_);
}

std::string HttpEndpointSink::body_of(std::span<const DeliveryRecord> records, const Attempt& attempt,
                                      std::string_view id) const {
  std::size_t size = kBodyFrame;
  for (const DeliveryRecord& record : records) size += kRecordFrame + (record.data.size() + 2) / 3 * 4;
  std::string body;
  body.reserve(size);
  body.append(R"({"requestId":")").append(id);
  body.append(R"(","timestamp":)").append(std::to_string(to_millis(attempt.now))).append(R"(,"records":[)");
  for (const DeliveryRecord& record : records) {
    if (&record != &records.front()) body += ',';
    body += R"({"data":")";
    append_base64(body, record.data);
    body += "\"}";
  }
  body += "]}";
  return body;
}

RecordSink::Outcome HttpEndpointSink::deliver(std::span<const DeliveryRecord> records, const Attempt& attempt) {
  const std::string id = guid_of(attempt.id);
  const std::string body = body_of(records, attempt, id);
  HttpRequest request;
  request.url = destination_.url;
  request.timeout = kTimeout;
  request.response_bytes_max = kAnswerBytesMax;
  request.headers = {{"Content-Type", "application/json"},
                     {"X-Amz-Firehose-Protocol-Version", "1.0"},
                     {"X-Amz-Firehose-Request-Id", id},
                     {"X-Amz-Firehose-Source-Arn", source_arn_}};
  if (!destination_.access_key.empty())
    request.headers.emplace_back("X-Amz-Firehose-Access-Key", destination_.access_key);
  if (!common_attributes_.empty()) request.headers.emplace_back("X-Amz-Firehose-Common-Attributes", common_attributes_);
  Buffer compressed;
  request.body = as_bytes(body);
  if (destination_.gzip) {
    request.headers.emplace_back("Content-Encoding", "gzip");
    compressed = gzip_(request.body);
    request.body = compressed;
  }
  const auto response = http_->perform(request);
  if (!response) return http_failure(response.error());
  if (response->status != 200) {
    Outcome outcome = http_refusal(destination_.url, *response, attempt.now);
    outcome.permanent = response->status == 413;
    return outcome;
  }
  if (const auto fault = firehose_answer_fault(*response, id)) {
    Outcome outcome;
    outcome.error = shown_url(destination_.url) + " answered with status 200, but " + *fault;
    return outcome;
  }
  Outcome outcome;
  outcome.settled = records.size();
  return outcome;
}

}  // namespace forebay::gateway::delivery
