#include "producer.h"

#include <cstring>

#include "base64.h"
#include "record.h"

namespace kload {
namespace {

constexpr std::string_view kSequenceMember = "\"SequenceNumber\":\"";
constexpr std::string_view kErrorMember = "\"ErrorCode\":\"";

std::uint64_t count_of(std::string_view text, std::string_view wanted) {
  std::uint64_t count = 0;
  const char* at = text.data();
  const char* end = at + text.size();
  while (
      (at = static_cast<const char*>(memmem(at, static_cast<std::size_t>(end - at), wanted.data(), wanted.size())))) {
    ++count;
    at += wanted.size();
  }
  return count;
}

void note(PutStats& stats, std::string error) {
  if (stats.first_error.empty()) stats.first_error = std::move(error);
}

}  // namespace

void PutStats::merge(const PutStats& other) {
  latency.merge(other.latency);
  requests += other.requests;
  acked += other.acked;
  failed += other.failed;
  http_errors += other.http_errors;
  broken += other.broken;
  if (first_error.empty()) first_error = other.first_error;
}

void Producer::append_record(std::string& body) {
  const auto fill = options_->json ? fill_json_record : fill_record;
  fill(record_, {run_, id_, next_}, static_cast<std::size_t>(options_->payload));
  std::uint64_t number = (next_ * 2654435761u + id_ * 40503u) % static_cast<unsigned>(options_->keys);
  char key[] = "dev-000000";
  for (int digit = 9; number != 0 && digit > 3; --digit, number /= 10)
    key[digit] = static_cast<char>('0' + number % 10);
  ++next_;
  body.append("\"Data\":\"");
  append_base64(body, record_);
  body.append("\",\"PartitionKey\":\"").append(key, 10).append("\"");
}

void Producer::build(Signer& signer, std::string& out) {
  in_flight_from_ = next_;
  body_.assign("{\"StreamName\":\"").append(options_->stream).append("\",");
  if (options_->records == 1) {
    append_record(body_);
    body_.append("}");
    return signer.build("PutRecord", body_, out);
  }
  body_.append("\"Records\":[");
  for (int i = 0; i < options_->records; ++i) {
    body_.append(i == 0 ? "{" : ",{");
    append_record(body_);
    body_.append("}");
  }
  body_.append("]}");
  signer.build("PutRecords", body_, out);
}

void Producer::ack(std::uint64_t begin, std::uint64_t end) {
  if (!acked_.empty() && acked_.back().end == begin)
    acked_.back().end = end;
  else
    acked_.push_back({begin, end});
}

void Producer::lost(PutStats& stats) const {
  ++stats.broken;
  stats.failed += next_ - in_flight_from_;
}

void Producer::account(const Response& response, PutStats& stats) {
  const std::uint64_t count = next_ - in_flight_from_;
  if (response.status != 200) {
    ++stats.http_errors;
    stats.failed += count;
    return note(stats, std::to_string(response.status) + " " + response.body.substr(0, 200));
  }
  const bool all = count == 1 || response.body.find("\"FailedRecordCount\":0") != std::string::npos;
  if (!all || count_of(response.body, kSequenceMember) != count) return account_each(response, stats);
  ack(in_flight_from_, next_);
  stats.acked += count;
}

/// Each record is answered, in order, with either a sequence number or an error code.
void Producer::account_each(const Response& response, PutStats& stats) {
  const std::string_view body(response.body);
  std::size_t at = 0;
  for (std::uint64_t i = in_flight_from_; i < next_; ++i) {
    const std::size_t good = body.find(kSequenceMember, at);
    const std::size_t bad = body.find(kErrorMember, at);
    if (good == std::string_view::npos && bad == std::string_view::npos) {
      stats.failed += next_ - i;
      return note(stats, "answer has fewer results than records: " + response.body.substr(0, 160));
    }
    if (good < bad) {
      ack(i, i + 1);
      ++stats.acked;
      at = good + kSequenceMember.size();
    } else {
      ++stats.failed;
      note(stats, std::string(body.substr(bad, 120)));
      at = bad + kErrorMember.size();
    }
  }
}

}  // namespace kload
