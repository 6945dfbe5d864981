#include "gateway/delivery/stores/s3_store.h"

#include <algorithm>
#include <utility>

#include "gateway/delivery/stores/s3_multipart.h"
#include "wire/manifest/object_name.h"
#include "wire/s3/list_objects.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::size_t kPageKeysMax = 1000;
constexpr std::size_t kPageBytesMax = 8u << 20;  // 1,000 keys of 1,024 bytes, percent-encoded, with their facts
constexpr int kUploadPagesMax = 1000;
constexpr int kEmptyPagesMax = 1000;  // of a list: a bucket with versions has pages of nothing but deleted keys

Result<void> check_key(std::string_view key, const wire::s3::Location& location) {
  auto checked = wire::s3::check_key(key);
  if (!checked) return std::move(checked).error().with_context("bucket " + location.bucket());
  return {};
}

}  // namespace

S3Store::S3Store(wire::s3::Location location, std::unique_ptr<S3Client> client, S3StoreOptions options)
    : location_(std::move(location)),
      client_(std::move(client)),
      objects_(*client_, location_, options.conditional_put),
      options_(options) {}

Result<PutOutcome> S3Store::put(const ObjectToPut& object) {
  FB_CHECK(check_key(object.key, location_));
  const S3Object given{object.key, object.body, object.sha256 ? *object.sha256 : sha256(object.body),
                       object.content_type, object.content_encoding};
  if (object.body.size() > options_.multipart_above_bytes)
    return S3Multipart(*client_, objects_, given, options_.part_bytes).run();
  if (!options_.conditional_put) {
    FB_TRY(const auto before, objects_.compare(given));
    if (before) return *before;
  }
  return objects_.put(given);
}

Result<std::optional<Buffer>> S3Store::get(std::string_view key, std::size_t bytes_max) {
  FB_CHECK(check_key(key, location_));
  return objects_.get(key, bytes_max);
}

Result<void> S3Store::remove(std::string_view key) {
  FB_CHECK(check_key(key, location_));
  return objects_.remove(key);
}

Result<std::vector<StoredObject>> S3Store::list(std::string_view prefix, std::string_view after, std::size_t limit) {
  std::vector<StoredObject> found;
  std::string last(after);
  std::string token;  // of a page without keys, which says nothing else about where the next one begins
  for (int empty_pages = 0; found.size() < limit && empty_pages < kEmptyPagesMax;) {
    S3Call call;
    wire::s3::Query query = {{"list-type", "2"},
                             {"encoding-type", "url"},
                             {"max-keys", std::to_string(std::min(limit - found.size(), kPageKeysMax))}};
    if (!prefix.empty()) query.emplace_back("prefix", prefix);
    if (!token.empty())
      query.emplace_back("continuation-token", std::exchange(token, {}));
    else if (!last.empty())
      query.emplace_back("start-after", last);
    call.url = location_.bucket_url(query);
    call.answer_bytes_max = kPageBytesMax;
    call.what = "bucket " + location_.bucket() + ", list " + std::string(prefix);
    FB_TRY(const HttpResponse response, client_->perform(call));
    if (response.status == 404) return objects_.no_bucket(response);
    auto page = wire::s3::parse_object_page(as_text(response.body));
    if (!page) return Error{Errc::unavailable, call.what + ": " + page.error().context};
    for (wire::s3::ListedObject& object : page->objects) {
      // Keys rise, or the next page would begin in the wrong place and the list never end.
      if (object.key <= last) return Error{Errc::unavailable, call.what + ": the store does not list keys in order"};
      last = object.key;
      found.push_back({std::move(object.key), object.size, object.modified});
    }
    if (found.size() > limit) found.resize(limit);
    if (!page->truncated) return found;
    if (!page->objects.empty()) continue;
    token = std::move(page->next_token);
    if (token.empty() || ++empty_pages == kEmptyPagesMax)
      return Error{Errc::unavailable, call.what + ": the store says that there is more and does not list it"};
  }
  return found;
}

Result<std::size_t> S3Store::abort_leftovers(std::string_view prefix, std::string_view delivery, WallTime before) {
  std::size_t aborted = 0;
  wire::s3::UploadPage page;
  page.truncated = true;
  for (int i = 0; i < kUploadPagesMax && page.truncated; ++i) {
    S3Call call;
    wire::s3::Query query = {{"uploads", ""}};
    if (!prefix.empty()) query.emplace_back("prefix", prefix);
    if (!page.next_key.empty()) query.emplace_back("key-marker", page.next_key);
    if (!page.next_upload_id.empty()) query.emplace_back("upload-id-marker", page.next_upload_id);
    call.url = location_.bucket_url(query);
    call.answer_bytes_max = kPageBytesMax;
    call.what = "bucket " + location_.bucket() + ", list multipart uploads of " + std::string(prefix);
    FB_TRY(const HttpResponse response, client_->perform(call));
    if (response.status == 404) return objects_.no_bucket(response);
    auto next = wire::s3::parse_upload_page(as_text(response.body));
    if (!next) return Error{Errc::unavailable, call.what + ": " + next.error().context};
    page = *std::move(next);
    if (page.next_key.empty()) page.truncated = false;
    for (const wire::s3::ListedUpload& upload : page.uploads) {
      // Without a time it may be under way.
      if (upload.initiated == WallTime() || upload.initiated >= before) continue;
      if (!upload.key.starts_with(prefix) || !wire::manifest::may_be_delivered_name(upload.key, delivery)) continue;
      FB_CHECK(client_->perform(
          objects_.call("DELETE", upload.key, "abort multipart upload of", {{"uploadId", upload.upload_id}})));
      ++aborted;
    }
  }
  return aborted;
}

}  // namespace forebay::gateway::delivery
