#include "cli/s3_bucket.h"

#include <algorithm>
#include <charconv>

#include "base/digest.h"
#include "wire/aws/sigv4.h"
#include "wire/s3/error_answer.h"
#include "wire/s3/list_objects.h"

namespace forebay::cli {
namespace {

constexpr int kTriesMax = 5;
constexpr Milliseconds kFirstWait{200};
constexpr Milliseconds kWaitMax{3'000};
constexpr std::uint64_t kPageBytesMax = 16u << 20;
constexpr std::uint64_t kErrorBytesMax = 64u << 10;  // room for an error in place of a small object
constexpr const char* kPageKeys = "1000";

bool is_passing(const HttpResponse& response) {
  return response.status >= 500 || response.status == 429 || response.status == 408;
}

bool is_missing_object(const HttpResponse& response) {
  if (response.status != 404) return false;
  const auto error = wire::s3::parse_error(as_text(response.body));
  return !error || error->code != "NoSuchBucket";
}

}  // namespace

Result<HttpResponse> S3Bucket::send(const char* method, const std::string& url, std::uint64_t bytes_max) {
  HttpRequest request;
  request.method = method;
  request.url = url;
  request.response_bytes_max = static_cast<std::size_t>(std::max(bytes_max, kErrorBytesMax));
  if (!access_.credentials.access_key_id.empty())
    wire::aws::sign_s3(request, access_.credentials, access_.region, sha256({}), clock_.wall_now());
  return http_.perform(request);
}

Error S3Bucket::refusal(const HttpResponse& response) const {
  const auto error = wire::s3::parse_error(as_text(response.body));
  std::string text = "bucket " + location_.bucket() + ": ";
  if (!error)
    return Error{is_passing(response) ? Errc::unavailable : Errc::invalid_argument,
                 text + "status " + std::to_string(response.status) +
                     " without an S3 error; is the endpoint an S3 store? (--endpoint, AWS_ENDPOINT_URL_S3)"};
  text += error->code;
  if (!error->message.empty()) text += ": " + error->message;
  if (error->code == "NoSuchBucket") return Error{Errc::not_found, text};
  if (!error->region.empty()) text += "; the bucket is in " + error->region + ": set AWS_REGION";
  if (response.status == 401 || response.status == 403) {
    if (access_.credentials.access_key_id.empty()) text += "; the request was unsigned: set AWS_ACCESS_KEY_ID";
    return Error{Errc::permission, text};
  }
  return Error{is_passing(response) ? Errc::unavailable : Errc::invalid_argument, text};
}

Result<HttpResponse> S3Bucket::perform(const char* method, const std::string& url, std::uint64_t bytes_max) {
  Milliseconds wait = kFirstWait;
  for (int attempt = 1;; ++attempt) {
    auto response = send(method, url, bytes_max);
    if (response && (response->status == 200 || is_missing_object(*response))) return response;
    const bool again = response
                           ? is_passing(*response)
                           : response.error().code == Errc::unavailable || response.error().code == Errc::timed_out;
    if (!again || attempt == kTriesMax) {
      if (response) return refusal(*response);
      return std::move(response).error().with_context("bucket " + location_.bucket());
    }
    if (!pause_(wait)) return Error{Errc::cancelled, "stopped by the user"};
    wait = std::min(wait * 2, kWaitMax);
  }
}

Result<void> S3Bucket::list(const std::string& prefix, const Each& each) {
  wire::s3::Query query{{"list-type", "2"}, {"encoding-type", "url"}, {"max-keys", kPageKeys}, {"prefix", prefix}};
  const std::size_t fixed = query.size();
  for (;;) {
    FB_TRY(const HttpResponse response, perform("GET", location_.bucket_url(query), kPageBytesMax));
    if (response.status != 200) return refusal(response);
    auto page = wire::s3::parse_object_page(as_text(response.body));
    if (!page) return std::move(page).error().with_context("bucket " + location_.bucket());
    for (const auto& object : page->objects) FB_CHECK(each({object.key, object.size, object.modified}));
    if (!page->truncated) return {};
    query.resize(fixed);
    if (!page->next_token.empty())
      query.emplace_back("continuation-token", page->next_token);
    else if (!page->objects.empty())
      query.emplace_back("start-after", page->objects.back().key);
    else
      return Error{Errc::corrupt, "bucket " + location_.bucket() + ": an empty page says that more follows"};
  }
}

Result<std::optional<Buffer>> S3Bucket::get(const std::string& key, std::uint64_t bytes_max) {
  FB_CHECK(wire::s3::check_key(key));
  FB_TRY(HttpResponse response, perform("GET", location_.object_url(key), bytes_max));
  if (response.status != 200) return std::optional<Buffer>();
  if (response.body.size() > bytes_max)
    return Error{Errc::too_large,
                 "bucket " + location_.bucket() + ", " + key + ": larger than " + std::to_string(bytes_max) + " bytes"};
  return std::optional(std::move(response.body));
}

Result<std::optional<std::uint64_t>> S3Bucket::size(const std::string& key) {
  FB_CHECK(wire::s3::check_key(key));
  FB_TRY(const HttpResponse response, perform("HEAD", location_.object_url(key), 0));
  if (response.status != 200) return std::optional<std::uint64_t>();
  const std::string_view text = response.header("content-length");
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size())
    return Error{Errc::corrupt, "bucket " + location_.bucket() + ", " + key + ": the store gives no length"};
  return std::optional(length);
}

}  // namespace forebay::cli
