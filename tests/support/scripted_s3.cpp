#include "tests/support/scripted_s3.h"

#include <atomic>
#include <cctype>
#include <cstdio>
#include <cstdlib>

#include "base/assert.h"
#include "base/digest.h"
#include "base/hex.h"

namespace forebay::test {
namespace {

class ScriptedClient final : public HttpClient {
 public:
  explicit ScriptedClient(ScriptedS3& server) : server_(server) {}
  Result<HttpResponse> perform(const HttpRequest& request) override {
    if (cancelled_) return Error{Errc::cancelled, "request stopped"};
    return server_.perform(request);
  }
  void cancel() override { cancelled_ = true; }

 private:
  ScriptedS3& server_;
  std::atomic<bool> cancelled_{false};
};

int hex_value(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0 ? c - '0' : (c | 32) - 'a' + 10; }

std::string url_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string url_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out += c;
    else
      out += "%" + to_hex(as_bytes({&c, 1}));
  }
  return out;
}

std::string value_of(const std::map<std::string, std::string>& map, const std::string& name) {
  const auto found = map.find(name);
  return found == map.end() ? std::string() : found->second;
}

/// YYYYMMDDTHHMMSSZ or the other way round, by the days of the civil calendar.
std::string iso(WallTime time, const char* format) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  char text[64];
  std::snprintf(text, sizeof text, format, static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return text;
}

WallTime signed_time(const std::string& basic) {
  const auto number = [&](std::size_t at, std::size_t size) { return std::atoi(basic.substr(at, size).c_str()); };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(4, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(6, 2)))};
  return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(number(9, 2)) +
         std::chrono::minutes(number(11, 2)) + std::chrono::seconds(number(13, 2));
}

std::string http_date(WallTime time) {
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  const std::string numbers = iso(time, "%04d%02u%02u%02d:%02d:%02d");
  return "Xxx, " + numbers.substr(6, 2) + " " + kMonths[static_cast<unsigned>(date.month()) - 1] + " " +
         numbers.substr(0, 4) + " " + numbers.substr(8) + " GMT";
}

Error broken() { return Error{Errc::unavailable, "connection cut"}; }
Error timed_out() { return Error{Errc::timed_out, "no answer in time"}; }

S3CallKind kind_of(const std::string& method, const std::string& key, const std::map<std::string, std::string>& query) {
  const bool upload = query.contains("uploadId");
  if (key.empty()) return query.contains("uploads") ? S3CallKind::list_uploads : S3CallKind::list;
  if (method == "PUT") return upload ? S3CallKind::put_part : S3CallKind::put;
  if (method == "POST") return upload ? S3CallKind::complete_upload : S3CallKind::create_upload;
  if (method == "DELETE") return upload ? S3CallKind::abort_upload : S3CallKind::remove;
  return method == "HEAD" ? S3CallKind::head : S3CallKind::get;
}

}  // namespace

std::unique_ptr<HttpClient> ScriptedS3::client() { return std::make_unique<ScriptedClient>(*this); }

void ScriptedS3::script(S3CallKind kind, S3Fault fault, int times) {
  const std::lock_guard lock(mutex_);
  for (int i = 0; i < times; ++i) script_[kind].push_back(fault);
}

void ScriptedS3::fail_randomly(std::uint64_t seed, unsigned percent) {
  const std::lock_guard lock(mutex_);
  random_ = seed;
  fail_percent_ = percent;
}

void ScriptedS3::stop_failing() {
  const std::lock_guard lock(mutex_);
  script_.clear();
  fail_percent_ = 0;
}

void ScriptedS3::land_late() {
  const std::lock_guard lock(mutex_);
  for (const Request& request : std::exchange(late_, {})) answer(request);
}

void ScriptedS3::set_object(const std::string& key, ByteView body) {
  const std::lock_guard lock(mutex_);
  objects_[key] = Object{to_buffer(body), {}, 1};
}

void ScriptedS3::add_upload(const std::string& key, WallTime initiated) {
  const std::lock_guard lock(mutex_);
  uploads_["u" + std::to_string(next_upload_++)] = Upload{key, {}, {}, initiated};
}

std::map<std::string, ScriptedS3::Object> ScriptedS3::objects() const {
  const std::lock_guard lock(mutex_);
  return objects_;
}

std::size_t ScriptedS3::uploads() const {
  const std::lock_guard lock(mutex_);
  return uploads_.size();
}

std::vector<ScriptedS3::Seen> ScriptedS3::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

int ScriptedS3::count(S3CallKind kind) const {
  int count = 0;
  for (const Seen& one : seen()) count += one.kind == kind ? 1 : 0;
  return count;
}

Result<HttpResponse> ScriptedS3::perform(const HttpRequest& http) {
  const std::lock_guard lock(mutex_);
  const Request request = parse(http);
  seen_.push_back({request.kind, http.method, http.url, http.headers});
  if (const auto fault = next_fault(request.kind)) return fail(*fault, request);
  if (auto refused = refuse(request)) return *std::move(refused);
  HttpResponse response = answer(request);
  if (response.body.size() > http.response_bytes_max) return Error{Errc::too_large, "the answer is too large"};
  return response;
}

ScriptedS3::Request ScriptedS3::parse(const HttpRequest& http) const {
  Request request;
  std::string_view rest = http.url;
  rest.remove_prefix(rest.find("//") + 2);
  rest.remove_prefix(rest.find('/') + 1);
  const std::size_t question = rest.find('?');
  std::string_view query = question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
  const std::string_view path = rest.substr(0, question);
  FB_ASSERT(path.starts_with(bucket_));
  if (path.size() > bucket_.size() + 1) request.key = url_decoded(path.substr(bucket_.size() + 1));
  while (!query.empty()) {
    const std::string_view item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), item.size() + 1));
    const std::size_t equals = item.find('=');
    request.query[url_decoded(item.substr(0, equals))] = url_decoded(item.substr(equals + 1));
  }
  for (const auto& [name, value] : http.headers) {
    std::string low = name;
    for (char& c : low) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    request.headers[low] = value;
  }
  request.kind = kind_of(http.method, request.key, request.query);
  request.body = to_buffer(http.body);
  return request;
}

std::optional<S3Fault> ScriptedS3::next_fault(S3CallKind kind) {
  if (auto& planned = script_[kind]; !planned.empty()) {
    const S3Fault fault = planned.front();
    planned.pop_front();
    return fault;
  }
  if (fail_percent_ == 0) return std::nullopt;
  random_ = random_ * 6364136223846793005u + 1442695040888963407u;
  const auto dice = static_cast<unsigned>(random_ >> 33);
  if (dice % 100 >= fail_percent_) return std::nullopt;
  return static_cast<S3Fault>(dice / 100 % kS3Faults);
}

std::optional<HttpResponse> ScriptedS3::refuse(const Request& request) const {
  if (value_of(request.headers, "x-amz-content-sha256") != to_hex(sha256(request.body)))
    return respond_error(400, "XAmzContentSHA256Mismatch");
  const std::string authorization = value_of(request.headers, "authorization");
  if (!accepted_key_.empty() && authorization.find("Credential=" + accepted_key_ + "/") == std::string::npos)
    return respond_error(403, request.kind == S3CallKind::head ? "" : "InvalidAccessKeyId");
  const auto difference = signed_time(value_of(request.headers, "x-amz-date")) - (clock_.wall_now() + clock_ahead_);
  if (difference > std::chrono::minutes(15) || difference < -std::chrono::minutes(15))
    return respond_error(403, request.kind == S3CallKind::head ? "" : "RequestTimeTooSkewed");
  return std::nullopt;
}

Result<HttpResponse> ScriptedS3::fail(S3Fault fault, const Request& request) {
  switch (fault) {
    case S3Fault::internal_error: return respond_error(500, "InternalError");
    case S3Fault::slow_down: {
      HttpResponse response = respond_error(503, "SlowDown");
      response.headers.emplace_back("retry-after", "1");
      return response;
    }
    case S3Fault::bad_gateway: return respond(502, "<html><body>Bad Gateway</body></html>");
    case S3Fault::expired_key: return respond_error(403, "ExpiredToken");
    case S3Fault::redirect: {
      HttpResponse response = respond_error(307, "TemporaryRedirect");
      response.headers.emplace_back("location", "http://other.example/" + bucket_ + "/?X-Amz-Secret=1");
      response.headers.emplace_back("x-amz-bucket-region", "eu-west-1");
      return response;
    }
    case S3Fault::timeout_before: return timed_out();
    case S3Fault::timeout_after: answer(request); return timed_out();
    case S3Fault::broken_before: return broken();
    case S3Fault::lost_answer:
    case S3Fault::cut_answer: answer(request); return broken();
    case S3Fault::error_in_200: {
      HttpResponse response = respond_error(200, "InternalError");
      // Only these calls keep their status open while they work; of others it would be no server's doing.
      if (request.kind != S3CallKind::complete_upload) response.status = 500;
      return response;
    }
    case S3Fault::garbled_200: {
      HttpResponse response = answer(request);
      if (request.kind != S3CallKind::complete_upload && request.kind != S3CallKind::create_upload) return broken();
      response.body.resize(response.body.size() / 2);
      return response;
    }
    case S3Fault::lost_upload:
      if (!request.query.contains("uploadId")) return respond_error(500, "InternalError");
      uploads_.erase(value_of(request.query, "uploadId"));
      return respond_error(404, "NoSuchUpload");
    case S3Fault::conflict: return respond_error(409, "ConditionalRequestConflict");
    case S3Fault::bad_digest: return respond_error(400, "BadDigest");
    case S3Fault::late: late_.push_back(request); return timed_out();
    case S3Fault::aborted: return respond_error(409, "OperationAborted");
    case S3Fault::request_timeout: return respond_error(400, "RequestTimeout");
    case S3Fault::empty_promise:
      if (request.kind != S3CallKind::complete_upload) return respond_error(500, "InternalError");
      return respond(200, "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>");
  }
  FB_UNREACHABLE();
}

HttpResponse ScriptedS3::answer(const Request& request) {
  switch (request.kind) {
    case S3CallKind::put: return put(request);
    case S3CallKind::head: {
      HttpResponse response = get(request);
      response.body.clear();
      return response;
    }
    case S3CallKind::get: return get(request);
    case S3CallKind::list: return list(request);
    case S3CallKind::remove: objects_.erase(request.key); return respond(204, "");
    case S3CallKind::create_upload: return create_upload(request);
    case S3CallKind::put_part: return put_part(request);
    case S3CallKind::complete_upload: return complete_upload(request);
    case S3CallKind::abort_upload:
      if (uploads_.erase(value_of(request.query, "uploadId")) == 0) return respond_error(404, "NoSuchUpload");
      return respond(204, "");
    case S3CallKind::list_uploads: return list_uploads(request);
  }
  FB_UNREACHABLE();
}

void ScriptedS3::store(const std::string& key, Buffer body, const std::map<std::string, std::string>& headers) {
  Object& object = objects_[key];
  object.body = std::move(body);
  object.headers.clear();
  for (const auto& [name, value] : headers)
    if (name.starts_with("x-amz-meta-") || name.starts_with("content-")) object.headers[name] = value;
  ++object.writes;
}

void ScriptedS3::hold_name(const std::string& key) {
  const std::lock_guard lock(mutex_);
  held_names_.insert(key);
}

HttpResponse ScriptedS3::put(const Request& request) {
  const bool is_taken = objects_.contains(request.key) || held_names_.contains(request.key);
  if (conditional_ && request.headers.contains("if-none-match") && is_taken)
    return respond_error(412, "PreconditionFailed");
  store(request.key, request.body, request.headers);
  return respond(200, "");
}

HttpResponse ScriptedS3::get(const Request& request) const {
  const auto found = objects_.find(request.key);
  if (found == objects_.end()) return respond_error(404, "NoSuchKey");
  HttpResponse response = respond(200, std::string(as_text(found->second.body)));
  for (const auto& [name, value] : found->second.headers) response.headers.emplace_back(name, value);
  response.headers.emplace_back("content-length", std::to_string(found->second.body.size()));
  return response;
}

HttpResponse ScriptedS3::list(const Request& request) const {
  std::string body = "<ListBucketResult><EncodingType>url</EncodingType>";
  const std::size_t limit =
      std::min<std::size_t>(page_size_, std::strtoull(value_of(request.query, "max-keys").c_str(), nullptr, 10));
  std::size_t listed = 0;
  bool truncated = false;
  const std::string prefix = value_of(request.query, "prefix");
  for (auto at = objects_.upper_bound(value_of(request.query, "start-after")); at != objects_.end(); ++at) {
    if (!at->first.starts_with(prefix)) continue;
    truncated = listed == limit;
    if (truncated) break;
    ++listed;
    body += "<Contents><Key>" + url_encoded(at->first) + "</Key><LastModified>" +
            iso(clock_.wall_now(), "%04d-%02u-%02uT%02d:%02d:%02d.000Z") + "</LastModified><Size>" +
            std::to_string(at->second.body.size()) + "</Size></Contents>";
  }
  return respond(200, body + "<IsTruncated>" + (truncated ? "true" : "false") + "</IsTruncated></ListBucketResult>");
}

HttpResponse ScriptedS3::create_upload(const Request& request) {
  const std::string id = "u" + std::to_string(next_upload_++);
  uploads_[id] = Upload{request.key, request.headers, {}, clock_.wall_now()};
  return respond(200, "<InitiateMultipartUploadResult><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>");
}

HttpResponse ScriptedS3::put_part(const Request& request) {
  const auto found = uploads_.find(value_of(request.query, "uploadId"));
  if (found == uploads_.end()) return respond_error(404, "NoSuchUpload");
  found->second.parts[std::atoi(value_of(request.query, "partNumber").c_str())] = request.body;
  HttpResponse response = respond(200, "");
  response.headers.emplace_back("etag", "\"" + to_hex(md5(request.body)) + "\"");
  return response;
}

HttpResponse ScriptedS3::complete_upload(const Request& request) {
  const auto found = uploads_.find(value_of(request.query, "uploadId"));
  if (found == uploads_.end()) return respond_error(404, "NoSuchUpload");
  if (conditional_ && request.headers.contains("if-none-match") && objects_.contains(request.key))
    return respond_error(412, "PreconditionFailed");
  const std::string_view list = as_text(request.body);
  Buffer whole;
  std::size_t at = 0;
  for (const auto& [number, part] : found->second.parts) {
    at = list.find("<PartNumber>" + std::to_string(number) + "</PartNumber><ETag>&quot;" + to_hex(md5(part)), at);
    if (at == std::string_view::npos) return respond_error(400, "InvalidPart");
    append(whole, part);
  }
  store(request.key, std::move(whole), found->second.headers);
  uploads_.erase(found);
  return respond(200, "\n\n<CompleteMultipartUploadResult><ETag>e-3</ETag></CompleteMultipartUploadResult>");
}

HttpResponse ScriptedS3::list_uploads(const Request& request) const {
  std::string body = "<ListMultipartUploadsResult>";
  std::size_t listed = 0;
  std::string last;
  bool truncated = false;
  for (auto at = uploads_.upper_bound(value_of(request.query, "upload-id-marker")); at != uploads_.end(); ++at) {
    truncated = listed == page_size_;
    if (truncated) break;
    if (!at->second.key.starts_with(value_of(request.query, "prefix"))) continue;
    ++listed;
    last = at->first;
    body += "<Upload><Key>" + at->second.key + "</Key><UploadId>" + last + "</UploadId><Initiated>" +
            iso(at->second.initiated, "%04d-%02u-%02uT%02d:%02d:%02d.000Z") + "</Initiated></Upload>";
  }
  if (truncated)
    body += "<IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>" + last +
            "</NextUploadIdMarker>";
  return respond(200, body + "</ListMultipartUploadsResult>");
}

HttpResponse ScriptedS3::respond(int status, const std::string& body) const {
  HttpResponse response;
  response.status = status;
  response.headers.emplace_back("date", http_date(clock_.wall_now() + clock_ahead_));
  response.body = to_buffer(as_bytes(body));
  return response;
}

HttpResponse ScriptedS3::respond_error(int status, const std::string& code) const {
  if (code.empty()) return respond(status, "");
  return respond(status, "<?xml version=\"1.0\"?>\n<Error><Code>" + code + "</Code><Message>told so</Message></Error>");
}

}  // namespace forebay::test
