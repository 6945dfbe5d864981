#include "gateway/delivery/stores/s3_multipart.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "wire/s3/multipart.h"

namespace forebay::gateway::delivery {
namespace {

std::size_t fitting_part_bytes(std::size_t wanted, std::size_t whole) {
  const std::size_t least = (whole + wire::s3::kPartsMax - 1) / wire::s3::kPartsMax;
  return std::max({wanted, least, std::size_t{1}});
}

}  // namespace

S3Multipart::S3Multipart(S3Client& client, S3Objects& objects, const S3Object& object, std::size_t part_bytes)
    : client_(client),
      objects_(objects),
      object_(object),
      part_bytes_(fitting_part_bytes(part_bytes, object.body.size())),
      etags_(std::max<std::size_t>(1, (object.body.size() + part_bytes_ - 1) / part_bytes_)) {}

Result<PutOutcome> S3Multipart::run() {
  FB_TRY(const auto before, objects_.compare(object_));
  if (before) return *before;
  for (int i = 0; i < kUploadsMax; ++i) {
    FB_TRY(const auto outcome, run_upload());
    if (outcome) return *outcome;
  }
  return Error{Errc::unavailable, objects_.call("PUT", object_.key, "put").what +
                                      ": the store lost or refused several multipart uploads in a row"};
}

Result<std::optional<PutOutcome>> S3Multipart::run_upload() {
  FB_TRY(const std::string upload_id, create());
  auto all_there = upload_parts(upload_id);
  if (all_there && !*all_there) return std::optional<PutOutcome>();
  auto outcome = all_there ? finish(upload_id) : Result<std::optional<PutOutcome>>(std::move(all_there).error());
  // After a lost answer the object may be whole; aborting its upload then changes nothing.
  if (!outcome || outcome->value_or(PutOutcome::different) != PutOutcome::created) abort(upload_id);
  return outcome;
}

Result<std::string> S3Multipart::create() {
  S3Call call = objects_.call("POST", object_.key, "begin multipart upload of", {{"uploads", ""}});
  S3Objects::add_headers(call, object_);
  FB_TRY(const HttpResponse response, client_.perform(call));
  if (response.status == 404) return objects_.no_bucket(response);
  auto id = wire::s3::parse_upload_id(as_text(response.body));
  if (!id) return Error{Errc::unavailable, call.what + ": " + id.error().context};
  return id;
}

Result<bool> S3Multipart::upload_parts(const std::string& upload_id) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stop{false};
  std::mutex mutex;
  Result<bool> outcome = true;
  const auto work = [&] {
    while (!stop) {
      const std::size_t index = next++;
      if (index >= etags_.size()) return;
      auto done = upload_part(upload_id, index);
      if (done && *done) continue;
      const std::lock_guard lock(mutex);
      if (!stop.exchange(true)) outcome = std::move(done);
    }
  };
  std::vector<std::thread> helpers;
  const std::size_t count = std::min(client_.connections(), etags_.size());
  for (std::size_t i = 1; i < count; ++i) helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();
  return outcome;
}

Result<bool> S3Multipart::upload_part(const std::string& upload_id, std::size_t index) {
  S3Call call = objects_.call("PUT", object_.key, "put a part of",
                              {{"partNumber", std::to_string(index + 1)}, {"uploadId", upload_id}});
  const std::size_t begin = index * part_bytes_;
  call.body = object_.body.subspan(begin, std::min(part_bytes_, object_.body.size() - begin));
  FB_TRY(const HttpResponse response, client_.perform(call));
  if (response.status == 404) return false;
  etags_[index] = response.header("etag");
  if (etags_[index].empty()) return Error{Errc::unavailable, call.what + ": the answer has no ETag"};
  return true;
}

Result<std::optional<PutOutcome>> S3Multipart::finish(const std::string& upload_id) {
  FB_TRY(const auto before, objects_.compare(object_));
  if (before) return before;
  S3Call call = objects_.call("POST", object_.key, "complete multipart upload of", {{"uploadId", upload_id}});
  const std::string body = wire::s3::complete_body(etags_);
  call.headers = {{"content-type", "application/xml"}};
  if (objects_.conditional()) call.headers.emplace_back("if-none-match", "*");
  call.body = as_bytes(body);
  call.expectations = {.conflict_is_answer = true, .complete_result = true};
  FB_TRY(const HttpResponse response, client_.perform(call));
  // 409: the upload cannot be completed any more.
  if (response.status == 409) return std::optional<PutOutcome>();
  // 412, or 404 after an answer that was lost: what is there decides. After a success too: servers exist that call a
  // repeated request done although they died over the first one, and the object never appears.
  FB_TRY(const auto after, objects_.compare(object_));
  if (response.status < 300 && after == PutOutcome::same) return std::optional(PutOutcome::created);
  return after;
}

void S3Multipart::abort(const std::string& upload_id) {
  const S3Call call = objects_.call("DELETE", object_.key, "abort multipart upload of", {{"uploadId", upload_id}});
  // Best effort: abort_leftovers() finds what stays.
  static_cast<void>(client_.perform_once(call));
}

}  // namespace forebay::gateway::delivery
