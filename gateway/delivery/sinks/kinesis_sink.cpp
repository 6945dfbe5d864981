#include "gateway/delivery/sinks/kinesis_sink.h"

#include <algorithm>
#include <array>

#include "gateway/delivery/sinks/http_failure.h"
#include "wire/aws/date.h"
#include "wire/aws/service_error.h"
#include "wire/aws/sigv4.h"
#include "wire/kinesis/json_decode.h"
#include "wire/kinesis/json_encode.h"
#include "wire/kinesis/shapes/put_records.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::size_t kAnswerBytesMax = 1u << 20;
constexpr Milliseconds kTimeout{60'000};
constexpr Milliseconds kSkewMin{60'000};

/// Errors that lie in what was put: asking again gives the same.
constexpr std::array<std::string_view, 3> kRecordErrors = {"ValidationException", "InvalidArgumentException",
                                                           "SerializationException"};

constexpr std::array<std::string_view, 4> kStaleKey = {"ExpiredTokenException", "ExpiredToken",
                                                       "UnrecognizedClientException", "InvalidClientTokenId"};

std::size_t entry_bytes(const DeliveryRecord& record) { return record.data.size() + record.partition_key.size(); }

}  // namespace

KinesisSink::KinesisSink(KinesisDestination destination, std::unique_ptr<HttpClient> http,
                         CredentialsFunction credentials, const Clock& clock, RefusedFunction refused)
    : destination_(std::move(destination)),
      http_(std::move(http)),
      credentials_(std::move(credentials)),
      refused_(std::move(refused)),
      clock_(clock) {}

RecordSink::Outcome KinesisSink::deliver(std::span<const DeliveryRecord> records, const Attempt&) {
  fates_.begin(records);
  Entries left;
  for (const DeliveryRecord& record : records)
    if (!fates_.settled(record)) left.push_back(&record);
  Call call;
  while (!left.empty() && !call.stopped) {
    const Entries entries = take_entries(left, call);
    if (!entries.empty()) put(entries, call);
  }
  Outcome outcome = fates_.collect(records);
  if (outcome.settled == records.size()) return outcome;
  outcome.error = std::move(call.error);
  outcome.retry_after = call.retry_after;
  return outcome;
}

KinesisSink::Entries KinesisSink::take_entries(Entries& left, const Call& call) const {
  Entries entries;
  Entries later;
  std::set<std::string_view> inside;
  std::size_t bytes = 0;
  bool full = false;
  for (const DeliveryRecord* record : left) {
    if (call.held.contains(record->partition_key)) continue;
    full = full || entries.size() == kRequestRecordsMax ||
           (!entries.empty() && bytes + entry_bytes(*record) > kRequestBytesMax);
    if (full || (destination_.order_per_key && !inside.insert(record->partition_key).second)) {
      later.push_back(record);
      continue;
    }
    bytes += entry_bytes(*record);
    entries.push_back(record);
  }
  left = std::move(later);
  return entries;
}

void KinesisSink::put(std::span<const DeliveryRecord* const> entries, Call& call) {
  const std::string body = body_of(entries);
  auto response = send(body);
  if (response && response->status != 200 && mend(*response)) response = send(body);
  if (!response) {
    call.stopped = true;
    call.error = "stream " + destination_.stream + ": " + response.error().to_string();
  } else if (response->status == 200) {
    take_results(entries, *response, call);
  } else {
    take_refusal(entries, *response, call);
  }
}

void KinesisSink::take_results(std::span<const DeliveryRecord* const> entries, const HttpResponse& response,
                               Call& call) {
  wire::kinesis::PutRecordsResponse answer;
  const auto fault = wire::kinesis::decode_json(as_text(response.body), answer);
  if (fault || answer.records.size() != entries.size()) {
    call.stopped = true;
    call.error =
        shown_url(destination_.url) + " answered PutRecords without a result for each record; is this Kinesis?";
    return;
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const wire::kinesis::PutRecordsResultEntry& result = answer.records[i];
    if (!result.error_code && result.sequence_number) {
      fates_.take(*entries[i]);
      continue;
    }
    call.held.insert(entries[i]->partition_key);
    if (call.error.empty())
      call.error = "stream " + destination_.stream + ": " + result.error_code.value_or("no sequence number") + ": " +
                   result.error_message.value_or("");
  }
}

void KinesisSink::take_refusal(std::span<const DeliveryRecord* const> entries, const HttpResponse& response,
                               Call& call) {
  const wire::aws::ServiceError refusal = wire::aws::parse_service_error(response.body);
  const bool too_large = response.status == 413;
  const bool of_records = std::find(kRecordErrors.begin(), kRecordErrors.end(), refusal.type) != kRecordErrors.end();
  if ((too_large || of_records) && entries.size() > 1) {
    // One of them is to blame: halves find out which, and the others get through.
    put(entries.first(entries.size() / 2), call);
    if (!call.stopped) put(entries.subspan(entries.size() / 2), call);
  } else if (too_large || of_records) {
    fates_.fail(*entries[0], too_large ? "RecordTooLarge" : refusal.type, refusal.message);
  } else {
    Outcome outcome = http_refusal(destination_.url, response, clock_.wall_now());
    call.stopped = true;
    call.error = "stream " + destination_.stream + ": " +
                 (refusal.type.empty() ? outcome.error : refusal.type + ": " + refusal.message);
    call.retry_after = outcome.retry_after;
  }
}

std::string KinesisSink::body_of(std::span<const DeliveryRecord* const> entries) const {
  wire::kinesis::PutRecordsRequest request;
  request.stream_name = destination_.stream;
  request.records.emplace();
  for (const DeliveryRecord* record : entries) {
    wire::kinesis::PutRecordsRequestEntry& entry = request.records->emplace_back();
    entry.data = to_buffer(record->data);
    entry.partition_key = std::string(record->partition_key);
    if (record->explicit_hash_key) entry.explicit_hash_key = to_decimal(*record->explicit_hash_key);
  }
  return wire::kinesis::to_json(request);
}

Result<HttpResponse> KinesisSink::send(std::string_view body) {
  FB_TRY(used_, credentials_());
  HttpRequest request;
  request.url = destination_.url + "/";
  request.headers = {{"content-type", std::string(wire::kinesis::kJsonContentType)},
                     {"x-amz-target", std::string(wire::kinesis::kTargetPrefix) + "PutRecords"}};
  request.body = as_bytes(body);
  request.timeout = kTimeout;
  request.response_bytes_max = kAnswerBytesMax;
  sign(request, used_, destination_.region, "kinesis", clock_.wall_now() + skew_);
  return http_->perform(request);
}

bool KinesisSink::mend(const HttpResponse& response) {
  const wire::aws::ServiceError refusal = wire::aws::parse_service_error(response.body);
  const bool stale = std::find(kStaleKey.begin(), kStaleKey.end(), refusal.type) != kStaleKey.end();
  return stale ? renew_key() : correct_clock(response, refusal.message);
}

bool KinesisSink::renew_key() {
  if (!refused_) return false;
  refused_(used_);
  const auto next = credentials_();
  return next.ok() && (next->access_key_id != used_.access_key_id || next->session_token != used_.session_token ||
                       next->secret_access_key != used_.secret_access_key);
}

bool KinesisSink::correct_clock(const HttpResponse& response, std::string_view message) {
  const auto theirs = wire::aws::parse_http_date(response.header("date"));
  if (!wire::aws::is_clock_refusal(message) || !theirs) return false;
  const auto skew = std::chrono::duration_cast<Milliseconds>(*theirs - clock_.wall_now());
  if (std::chrono::abs(skew - skew_) < kSkewMin) return false;
  skew_ = skew;
  return true;
}

}  // namespace forebay::gateway::delivery
