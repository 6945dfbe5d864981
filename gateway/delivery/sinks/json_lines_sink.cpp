#include "gateway/delivery/sinks/json_lines_sink.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/delivery/sinks/http_failure.h"
#include "gateway/delivery/sinks/request_id.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::size_t kAnswerBytesMax = 1u << 20;
constexpr Milliseconds kTimeout{180'000};

/// False when the record is no JSON value; nothing was appended then.
bool append_line(std::string_view record, std::string& lines) {
  if (!nlohmann::json::accept(record.begin(), record.end())) return false;
  const std::size_t start = lines.size();
  lines.append(record);
  while (lines.back() == '\n' || lines.back() == '\r') lines.pop_back();
  // Strings of JSON hold no raw line break, so every one here stands between values.
  std::replace_if(
      lines.begin() + static_cast<std::ptrdiff_t>(start), lines.end(), [](char c) { return c == '\n' || c == '\r'; },
      ' ');
  lines += '\n';
  return true;
}

}  // namespace

JsonLinesSink::JsonLinesSink(HttpDestination destination, std::unique_ptr<HttpClient> http, GzipFunction gzip,
                             std::size_t bytes_max)
    : destination_(std::move(destination)),
      http_(std::move(http)),
      gzip_(std::move(gzip)),
      limits_{kRecordsMax, std::min(bytes_max, kBodyBytesMax - kRecordsMax)} {
  FB_ASSERT(!destination_.gzip || gzip_);
}

RecordSink::Outcome JsonLinesSink::deliver(std::span<const DeliveryRecord> records, const Attempt& attempt) {
  std::string lines;
  std::vector<Failure> failures;
  for (std::size_t i = 0; i < records.size(); ++i)
    if (!append_line(as_text(records[i].data), lines))
      failures.push_back({i, "InvalidJson", "the record is no JSON value; plain JSON lines carry nothing else"});
  Outcome outcome;
  if (!lines.empty()) outcome = post(as_bytes(lines), attempt);
  if (outcome.error.empty()) outcome.settled = records.size();
  outcome.failures = std::move(failures);  // their own reason, should the batch be given up
  return outcome;
}

RecordSink::Outcome JsonLinesSink::post(ByteView lines, const Attempt& attempt) {
  HttpRequest request;
  request.url = destination_.url;
  request.timeout = kTimeout;
  request.response_bytes_max = kAnswerBytesMax;
  request.headers = {{"Content-Type", "application/x-ndjson"}, {"Idempotency-Key", guid_of(attempt.id)}};
  const std::string& key = destination_.access_key;
  if (!key.empty())
    request.headers.emplace_back("Authorization", key.find(' ') == std::string::npos ? "Bearer " + key : key);
  Buffer compressed;
  request.body = lines;
  if (destination_.gzip) {
    request.headers.emplace_back("Content-Encoding", "gzip");
    compressed = gzip_(lines);
    request.body = compressed;
  }
  const auto response = http_->perform(request);
  if (!response) return http_failure(response.error());
  if (response->status >= 200 && response->status < 300) return {};
  Outcome outcome = http_refusal(destination_.url, *response, attempt.now);
  outcome.permanent = response->status == 413;
  return outcome;
}

}  // namespace forebay::gateway::delivery
