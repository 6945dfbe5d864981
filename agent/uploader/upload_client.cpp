#include "agent/uploader/upload_client.h"

#include <charconv>
#include <cstdlib>

#include "wire/aws/date.h"
#include "wire/aws/sigv4.h"

namespace forebay::agent {
namespace {

/// A difference that explains a refused signature; gateways allow five minutes.
constexpr std::chrono::minutes kSkewSuspicious{1};
constexpr std::size_t kReplyBytesMax = 16u << 20;
constexpr std::size_t kMessageCharsMax = 300;
/// What a link must carry at least, so that a request that trickles ends too.
constexpr std::int64_t kBytesPerMsMin = 1;
/// For the answer, which may hold the shard maps of many streams.
constexpr Milliseconds kAnswerAllowance{600'000};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

/// The start of an error body, printable, for the log.
std::string shown(const HttpResponse& response) {
  std::string text = "HTTP " + std::to_string(response.status);
  if (response.body.empty()) return text;
  text += ": ";
  for (const char c : as_text(response.body).substr(0, kMessageCharsMax)) text += (c >= ' ' && c <= '~') ? c : ' ';
  return text;
}

std::optional<Milliseconds> retry_after(const HttpResponse& response) {
  const auto seconds = number(response.header("retry-after"));
  if (!seconds || *seconds < 0) return {};
  return Milliseconds(std::int64_t{*seconds} * 1000);
}

template <class Reply>
UploadResult<Reply> as_reply(Result<Reply> decoded) {
  if (!decoded)
    return UploadFailure{FailureKind::protocol, {}, "the answer does not decode: " + decoded.error().context};
  return *std::move(decoded);
}

}  // namespace

HttpUploadClient::HttpUploadClient(HttpClient& http, Clock& clock, Logger logger, const Options& options,
                                   LoadCredentials load)
    : http_(http), clock_(clock), logger_(logger.child("upload")), options_(options), load_(std::move(load)) {}

UploadResult<wire::upload::OpenReply> HttpUploadClient::open(const wire::upload::OpenRequest& request) {
  body_.clear();
  wire::upload::encode(request, body_);
  auto response = post("open", body_);
  if (auto* failure = std::get_if<UploadFailure>(&response)) return std::move(*failure);
  return as_reply(wire::upload::decode_open_reply(std::get<HttpResponse>(response).body));
}

UploadResult<wire::upload::BatchesReply> HttpUploadClient::send(ByteView body) {
  auto response = post("batches", body);
  if (auto* failure = std::get_if<UploadFailure>(&response)) return std::move(*failure);
  return as_reply(wire::upload::decode_batches_reply(std::get<HttpResponse>(response).body));
}

UploadResult<std::monostate> HttpUploadClient::close(const wire::upload::CloseRequest& request) {
  body_.clear();
  wire::upload::encode(request, body_);
  auto response = post("close", body_);
  if (auto* failure = std::get_if<UploadFailure>(&response)) return std::move(*failure);
  return std::monostate();
}

std::variant<HttpResponse, UploadFailure> HttpUploadClient::post(std::string_view call, ByteView body) {
  if (!credentials_) {
    auto loaded = load_();
    if (!loaded) return UploadFailure{FailureKind::permission, {}, loaded.error().context};
    credentials_ = *std::move(loaded);
  }
  HttpRequest request;
  request.url = options_.url + "/upload/v1/" + std::string(call);
  request.headers.emplace_back("content-type", std::string(wire::upload::kContentType));
  request.body = body;
  request.stall_timeout = options_.stall_timeout;
  request.timeout =
      options_.stall_timeout + kAnswerAllowance + Milliseconds(static_cast<std::int64_t>(body.size()) / kBytesPerMsMin);
  request.response_bytes_max = kReplyBytesMax;
  if (!credentials_->access_key_id.empty())
    wire::aws::sign(request, *credentials_, options_.region, wire::upload::kServiceName, clock_.wall_now() + skew_);
  auto response = http_.perform(request);
  if (!response) {
    if (response.error().code == Errc::cancelled) return UploadFailure{FailureKind::stopped, {}, {}};
    const bool refused = response.error().code == Errc::permission;
    return UploadFailure{refused ? FailureKind::permission : FailureKind::link, {}, response.error().context};
  }
  if (response->status == 200) return *std::move(response);
  return classify(*response);
}

UploadFailure HttpUploadClient::classify(const HttpResponse& response) {
  const int status = response.status;
  if (status == 400 || status == 401 || status == 403) {
    if (correct_clock(response)) return {FailureKind::clock_skew, {}, "the clocks differ"};
    credentials_.reset();
  }
  if (status == 401 || status == 403) return {FailureKind::permission, {}, shown(response)};
  if (status == 413)
    return {
        FailureKind::too_large, {}, "the gateway, or a proxy before it, takes no body so large: " + shown(response)};
  if (status == 429 || status == 503) return {FailureKind::throttled, retry_after(response), shown(response)};
  if (status >= 500) return {FailureKind::server, retry_after(response), shown(response)};
  return {FailureKind::protocol, {}, shown(response)};
}

bool HttpUploadClient::correct_clock(const HttpResponse& response) {
  const auto server = wire::aws::parse_http_date(response.header("date"));
  if (!server) return false;
  const auto difference = std::chrono::milliseconds(*server - clock_.wall_now());
  if (std::chrono::abs(difference - skew_) < kSkewSuspicious) return false;
  skew_ = difference;
  logger_.warning("the gateway's clock differs; requests are signed with its time",
                  {{"difference_ms", static_cast<std::int64_t>(skew_.count())}});
  return true;
}

}  // namespace forebay::agent
