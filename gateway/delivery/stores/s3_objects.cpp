#include "gateway/delivery/stores/s3_objects.h"

#include <algorithm>
#include <charconv>

#include "base/hex.h"
#include "wire/s3/error_answer.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::size_t kErrorBytes = 64 << 10;  // room for an error in place of a small object
constexpr int kContradictionsMax = 3;          // answers in a row that a name is taken, and that nothing is there
constexpr Milliseconds kContradictionPause{1000};

std::optional<std::uint64_t> length_of(const HttpResponse& response) {
  const std::string_view text = response.header("content-length");
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return length;
}

bool is_no_bucket(const HttpResponse& response) {
  const auto error = wire::s3::parse_error(as_text(response.body));
  return error && error->code == "NoSuchBucket";
}

}  // namespace

S3Call S3Objects::call(const char* method, std::string_view key, const char* verb, const wire::s3::Query& query) const {
  S3Call call;
  call.method = method;
  call.url = location_.object_url(key, query);
  call.what = "bucket " + location_.bucket() + ", " + verb + " " + std::string(key);
  return call;
}

void S3Objects::add_headers(S3Call& call, const S3Object& object) {
  call.headers.emplace_back("content-type", object.content_type);
  if (!object.content_encoding.empty()) call.headers.emplace_back("content-encoding", object.content_encoding);
  call.headers.emplace_back(kDigestHeader, to_hex(object.sha256));
}

Error S3Objects::no_bucket(const HttpResponse& response) const {
  const auto error = wire::s3::parse_error(as_text(response.body));
  const std::string code = error && !error->code.empty() ? error->code : std::to_string(response.status);
  return Error{Errc::not_found,
               "bucket " + location_.bucket() + ": " + code + "; create it, or check name, endpoint and key"};
}

Result<std::optional<PutOutcome>> S3Objects::compare(const S3Object& object) {
  FB_TRY(const HttpResponse head, client_.perform(call("HEAD", object.key, "look up")));
  if (head.status == 404) return std::optional<PutOutcome>();
  if (head.status != 200)
    return Error{Errc::unavailable, call("HEAD", object.key, "look up").what + ": " + std::to_string(head.status)};
  const auto length = length_of(head);
  if (length && *length != object.body.size()) return std::optional(PutOutcome::different);
  const std::string_view digest = head.header(kDigestHeader);
  if (length && !digest.empty())
    return std::optional(digest == to_hex(object.sha256) ? PutOutcome::same : PutOutcome::different);
  FB_TRY(const bool same, has_same_bytes(object));
  return std::optional(same ? PutOutcome::same : PutOutcome::different);
}

Result<bool> S3Objects::has_same_bytes(const S3Object& object) {
  auto there = get(object.key, object.body.size());
  if (!there && there.error().code == Errc::too_large) return false;
  if (!there) return std::move(there).error();
  return *there && std::ranges::equal(**there, object.body);
}

Result<PutOutcome> S3Objects::put(const S3Object& object) {
  S3Call put = call("PUT", object.key, "put");
  add_headers(put, object);
  put.body = object.body;
  put.body_hash = object.sha256;
  S3Call if_absent = put;
  if_absent.headers.emplace_back("if-none-match", "*");
  for (int looks = 0; conditional_ && looks < kContradictionsMax; ++looks) {
    // What is about to appear is given time to.
    if (looks > 0 && !client_.wait(kContradictionPause)) return Error{Errc::cancelled, put.what + ": stopped"};
    FB_TRY(const HttpResponse response, client_.perform(if_absent));
    if (response.status == 404) return no_bucket(response);
    if (response.status != 412) return PutOutcome::created;
    FB_TRY(const auto outcome, compare(object));
    if (outcome) return *outcome;
  }
  // The store holds the name for something that nobody can have: what a kill of it left. Refused for ever otherwise.
  FB_TRY(const HttpResponse response, client_.perform(put));
  if (response.status == 404) return no_bucket(response);
  return PutOutcome::created;
}

Result<std::optional<Buffer>> S3Objects::get(std::string_view key, std::size_t bytes_max) {
  S3Call get = call("GET", key, "get");
  get.answer_bytes_max = std::max(bytes_max, kErrorBytes);
  FB_TRY(HttpResponse response, client_.perform(get));
  if (response.status == 404 && is_no_bucket(response)) return no_bucket(response);
  if (response.status == 404) return std::optional<Buffer>();
  if (response.status != 200) return Error{Errc::unavailable, get.what + ": " + std::to_string(response.status)};
  if (response.body.size() > bytes_max)
    return Error{Errc::too_large, get.what + ": larger than " + std::to_string(bytes_max) + " bytes"};
  return std::optional(std::move(response.body));
}

Result<void> S3Objects::remove(std::string_view key) {
  FB_TRY(const HttpResponse response, client_.perform(call("DELETE", key, "remove")));
  if (response.status == 404 && is_no_bucket(response)) return no_bucket(response);
  return {};
}

}  // namespace forebay::gateway::delivery
