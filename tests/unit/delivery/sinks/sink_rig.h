#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/http_client.h"
#include "gateway/delivery/record_sink.h"

namespace forebay::gateway::delivery {

/// Records that own their bytes, with offsets from `first` on.
class Records {
 public:
  explicit Records(std::int64_t first = 0) : next_(first) {}

  Records& add(std::string key, std::string data) {
    keys_.push_back(std::move(key));
    datas_.push_back(std::move(data));
    DeliveryRecord record;
    record.offset = stream::Offset(next_++);
    record.arrival = from_millis(1'767'323'045'123);
    record.partition_key = keys_.back();
    record.data = as_bytes(datas_.back());
    records_.push_back(record);
    return *this;
  }
  std::vector<DeliveryRecord>& list() { return records_; }
  operator std::span<const DeliveryRecord>() const { return records_; }  // NOLINT: implicit by design
  [[nodiscard]] std::span<const DeliveryRecord> from(std::size_t index) const {
    return std::span(records_).subspan(index);
  }

 private:
  std::int64_t next_;
  std::deque<std::string> keys_;  // addresses stay
  std::deque<std::string> datas_;
  std::vector<DeliveryRecord> records_;
};

inline SourceShard test_source() {
  SourceShard source;
  source.account = "123456789012";
  source.region = "eu-central-1";
  source.delivery = "to-there";
  source.stream = "readings";
  source.stream_id = stream::StreamId(7);
  source.shard = stream::ShardNumber(3);
  source.shard_created = from_millis(1'767'000'000'000);
  return source;
}

inline RecordSink::Attempt test_attempt(std::uint32_t number = 1) {
  RecordSink::Attempt attempt;
  attempt.number = number;
  attempt.first_time = from_millis(1'767'323'050'000);
  attempt.now = from_millis(1'767'323'050'000 + 1'000 * (std::int64_t{number} - 1));
  attempt.id = "to-there/3/17";
  return attempt;
}

/// What a client was asked, and its answers: the next of the script, or those of a function.
struct HttpScript {
  struct Seen {
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::chrono::milliseconds timeout{0};
    std::size_t response_bytes_max = 0;

    [[nodiscard]] std::string header(std::string_view name) const {
      for (const auto& [key, value] : headers)
        if (key == name) return value;
      return "(none)";
    }
  };
  std::vector<Seen> seen;
  std::function<Result<HttpResponse>(const Seen&)> answer;
  bool cancelled = false;
};

class ScriptedHttp final : public HttpClient {
 public:
  explicit ScriptedHttp(HttpScript& script) : script_(script) {}
  Result<HttpResponse> perform(const HttpRequest& request) override {
    if (script_.cancelled) return Error{Errc::cancelled, "request stopped"};
    script_.seen.push_back({request.url, request.headers, std::string(as_text(request.body)), request.timeout,
                            request.response_bytes_max});
    return script_.answer(script_.seen.back());
  }
  void cancel() override { script_.cancelled = true; }

 private:
  HttpScript& script_;
};

inline HttpResponse http_answer(int status, const std::string& body = "",
                                std::vector<std::pair<std::string, std::string>> headers = {}) {
  HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.headers.emplace_back("content-length", std::to_string(body.size()));
  response.body = to_buffer(as_bytes(body));
  return response;
}

}  // namespace forebay::gateway::delivery
