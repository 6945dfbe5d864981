#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/http_client.h"

namespace forebay::test {

/// What an S3 server can be asked.
enum class S3CallKind : std::uint8_t {
  put,
  head,
  get,
  list,
  remove,
  create_upload,
  put_part,
  complete_upload,
  abort_upload,
  list_uploads,
};
inline constexpr int kS3CallKinds = 10;

/// What can go wrong with one call (reliability T8).
enum class S3Fault : std::uint8_t {
  internal_error,   ///< 500, nothing done
  slow_down,        ///< 503 with Retry-After, nothing done
  bad_gateway,      ///< 502 with HTML of a proxy, nothing done
  expired_key,      ///< 403 ExpiredToken, nothing done
  redirect,         ///< 307 to another host
  timeout_before,   ///< no answer, nothing done
  timeout_after,    ///< no answer, done
  broken_before,    ///< connection cut inside the request, nothing done
  lost_answer,      ///< connection cut before the answer, done
  cut_answer,       ///< connection cut inside the answer, done
  error_in_200,     ///< 200 with an error as its body, nothing done
  garbled_200,      ///< 200 with a body that ends early, done
  lost_upload,      ///< the multipart upload is gone: 404 NoSuchUpload; of other calls: 500
  conflict,         ///< 409 ConditionalRequestConflict, nothing done
  bad_digest,       ///< 400 BadDigest: the body arrived damaged, nothing done
  late,             ///< no answer, done when land_late() is called
  aborted,          ///< 409 OperationAborted, nothing done
  request_timeout,  ///< 400 RequestTimeout, nothing done
  empty_promise,    ///< complete: a success although nothing was done; of other calls: 500
};
inline constexpr int kS3Faults = 19;

/// An S3 server in memory, of one bucket, path style, that fails as told. It answers from its own state, and keeps
/// count of what must never happen. Signatures are not checked; servers nobody here wrote do that
/// (tests/e2e/s3_store.py). Threads  any.
class ScriptedS3 {
 public:
  struct Object {
    Buffer body;
    std::map<std::string, std::string> headers;  ///< content-type, x-amz-meta-...
    int writes = 0;                              ///< more than 1: somebody overwrote it
  };
  struct Seen {
    S3CallKind kind;
    std::string method;
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
  };

  explicit ScriptedS3(const Clock& clock, std::string bucket = "bucket") : clock_(clock), bucket_(std::move(bucket)) {}

  /// Talks to this server, whatever host the URL names; it must outlive the client.
  std::unique_ptr<HttpClient> client();

  /// The next `times` calls of the kind fail so.
  void script(S3CallKind kind, S3Fault fault, int times = 1);
  /// Every call fails with this probability, by a fault of any kind.
  void fail_randomly(std::uint64_t seed, unsigned percent);
  void stop_failing();
  /// Requests that were told to land late do so now.
  void land_late();

  void set_clock_ahead(Milliseconds by) { clock_ahead_ = by; }
  /// Empty: any access key is good.
  void accept_only(std::string access_key_id) { accepted_key_ = std::move(access_key_id); }
  void ignore_conditions(bool ignore) { conditional_ = !ignore; }
  /// Conditional puts of the name are refused although nothing is there: what a kill left of a put.
  void hold_name(const std::string& key);
  void set_page_size(std::size_t keys) { page_size_ = keys; }
  void set_object(const std::string& key, ByteView body);
  void add_upload(const std::string& key, WallTime initiated);

  [[nodiscard]] std::map<std::string, Object> objects() const;
  [[nodiscard]] std::size_t uploads() const;
  [[nodiscard]] std::vector<Seen> seen() const;
  [[nodiscard]] int count(S3CallKind kind) const;

  Result<HttpResponse> perform(const HttpRequest& request);

 private:
  struct Upload {
    std::string key;
    std::map<std::string, std::string> headers;
    std::map<int, Buffer> parts;
    WallTime initiated;
  };
  struct Request {
    S3CallKind kind = S3CallKind::get;
    std::string key;
    std::map<std::string, std::string> query;
    std::map<std::string, std::string> headers;
    Buffer body;
  };

  Request parse(const HttpRequest& request) const;
  std::optional<S3Fault> next_fault(S3CallKind kind);
  std::optional<HttpResponse> refuse(const Request& request) const;
  Result<HttpResponse> fail(S3Fault fault, const Request& request);
  HttpResponse answer(const Request& request);
  HttpResponse put(const Request& request);
  HttpResponse get(const Request& request) const;
  HttpResponse list(const Request& request) const;
  HttpResponse put_part(const Request& request);
  HttpResponse create_upload(const Request& request);
  HttpResponse complete_upload(const Request& request);
  HttpResponse list_uploads(const Request& request) const;
  HttpResponse respond(int status, const std::string& body) const;
  HttpResponse respond_error(int status, const std::string& code) const;
  void store(const std::string& key, Buffer body, const std::map<std::string, std::string>& headers);

  const Clock& clock_;
  const std::string bucket_;
  mutable std::mutex mutex_;
  std::map<std::string, Object> objects_;
  std::set<std::string> held_names_;
  std::map<std::string, Upload> uploads_;
  std::map<S3CallKind, std::deque<S3Fault>> script_;
  std::vector<Request> late_;
  std::vector<Seen> seen_;
  std::string accepted_key_;
  Milliseconds clock_ahead_{0};
  std::size_t page_size_ = 1000;
  std::uint64_t random_ = 0;
  unsigned fail_percent_ = 0;
  int next_upload_ = 1;
  bool conditional_ = true;
};

}  // namespace forebay::test
