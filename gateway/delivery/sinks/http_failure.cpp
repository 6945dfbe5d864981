#include "gateway/delivery/sinks/http_failure.h"

#include <algorithm>
#include <charconv>

#include "wire/aws/date.h"
#include "wire/kinesis/json_text.h"

namespace forebay::gateway::delivery {
namespace {

constexpr Milliseconds kRetryAfterMax{3'600'000};
constexpr std::size_t kShownBytes = 300;

std::string beginning_of(ByteView body) {
  const std::string_view text = as_text(body);
  return std::string(wire::kinesis::shortened(text, kShownBytes));
}

}  // namespace

std::optional<Milliseconds> retry_after(const HttpResponse& response, WallTime now) {
  const std::string_view text = response.header("retry-after");
  if (text.empty()) return std::nullopt;
  std::uint32_t seconds = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (code == std::errc() && end == text.data() + text.size())
    return std::min<Milliseconds>(Milliseconds(std::int64_t{seconds} * 1000), kRetryAfterMax);
  const auto date = wire::aws::parse_http_date(text);
  if (!date) return std::nullopt;
  return std::clamp<Milliseconds>(std::chrono::duration_cast<Milliseconds>(*date - now), Milliseconds(0),
                                  kRetryAfterMax);
}

RecordSink::Outcome http_refusal(std::string_view url, const HttpResponse& response, WallTime now) {
  RecordSink::Outcome outcome;
  outcome.error = shown_url(url) + " answered with status " + std::to_string(response.status);
  if (response.status >= 300 && response.status < 400)
    outcome.error += ", and redirects are not followed: set the new URL";
  if (!response.body.empty()) outcome.error += ": " + beginning_of(response.body);
  outcome.retry_after = retry_after(response, now);
  return outcome;
}

RecordSink::Outcome http_failure(Error error) {
  RecordSink::Outcome outcome;
  outcome.error = error.to_string();
  return outcome;
}

std::string shown_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t host = url.find("//");
  const std::size_t end = host == std::string_view::npos ? host : url.find('/', host + 2);
  const std::size_t at = url.substr(0, end).rfind('@');
  if (host == std::string_view::npos || at == std::string_view::npos) return std::string(url);
  return std::string(url.substr(0, host + 2)).append(url.substr(at + 1));
}

}  // namespace forebay::gateway::delivery
