// Build: g++ -O2 -std=c++20 s3_sink.cpp -o s3_sink -pthread
// s3_sink PORT [TRACE]: an S3 store that only reads and answers: bodies are counted and forgotten, signatures are not
// looked at. What a delivery reaches against it is the delivery's own limit. It keeps names, lengths and digests, so
// that If-None-Match, HEAD, multipart uploads and listings are answered as a store would, and the bodies of manifest
// entries. TRACE: a file that gets "NANOSECONDS BYTES KEY KEPT\n" (CLOCK_MONOTONIC, at the end of the put), KEPT bytes
// of the body and "\n" per object; bodies above 64 KiB are not kept.
// GET /-/counts answers with what came so far, as JSON.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr size_t kBuffer = 256 << 10;
constexpr size_t kKept = 64 << 10;
constexpr char kManifest[] = "/_forebay/";

unsigned long long now_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

struct Object {
  size_t size = 0;
  std::string digest;
  std::string body;  // of manifest entries
};

struct Upload {
  std::string digest;
  std::map<int, size_t> parts;
};

struct Request {
  std::string method, path, query;
  size_t length = 0;
  bool if_none_match = false, expects = false, close = false;
  std::string digest;
  std::string body;  // its first bytes
};

struct Answer {
  int status = 200;
  std::string headers, body;
  bool head_only = false;
};

std::mutex mutex;
std::map<std::string, Object> objects;
std::map<std::string, Upload> uploads;
unsigned long long data_objects, data_bytes, entries, listed_records, requests, first_ns, last_ns;
int next_upload = 1;
FILE* trace;

std::string decoded(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += char(strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string parameter(const std::string& query, const std::string& name) {
  for (size_t at = 0; at < query.size();) {
    size_t end = query.find('&', at);
    if (end == std::string::npos) end = query.size();
    const std::string one = query.substr(at, end - at);
    if (one.rfind(name + "=", 0) == 0) return decoded(one.substr(name.size() + 1));
    at = end + 1;
  }
  return "";
}

bool has(const std::string& query, const std::string& name) {
  return ("&" + query + "&").find("&" + name + "&") != std::string::npos ||
         ("&" + query).find("&" + name + "=") != std::string::npos;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text)
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else
      out += c;
  return out;
}

Answer error(int status, const char* code) {
  return {status, "Content-Type: application/xml\r\n", std::string("<Error><Code>") + code + "</Code></Error>", false};
}

bool is_entry(const std::string& path) { return path.find(kManifest) != std::string::npos; }

/// Sum of the numbers behind "records": in a manifest entry.
unsigned long long records_of(const std::string& entry) {
  unsigned long long sum = 0;
  for (size_t at = 0; (at = entry.find("\"records\":", at)) != std::string::npos; at += 10)
    sum += strtoull(entry.c_str() + at + 10, nullptr, 10);
  return sum;
}

void stored(const std::string& path, const Request& r, size_t size, const std::string& digest) {
  Object& object = objects[path];
  object.size = size;
  object.digest = digest;
  last_ns = now_ns();
  if (is_entry(path)) {
    object.body = r.body;
    ++entries;
    listed_records += records_of(r.body);
  } else {
    ++data_objects;
    data_bytes += size;
  }
  if (!trace) return;
  const size_t kept = r.body.size() == size ? size : 0;
  fprintf(trace, "%llu %zu %s %zu\n", last_ns, size, path.c_str(), kept);
  fwrite(r.body.data(), 1, kept, trace);
  fputc('\n', trace);
  fflush(trace);
}

Answer put(const Request& r) {
  if (has(r.query, "partNumber")) {
    const auto found = uploads.find(parameter(r.query, "uploadId"));
    if (found == uploads.end()) return error(404, "NoSuchUpload");
    found->second.parts[atoi(parameter(r.query, "partNumber").c_str())] = r.length;
    return {200, "ETag: \"part\"\r\n", "", false};
  }
  if (r.path.find('/', 1) == std::string::npos) return {};  // a bucket: every name is one
  if (r.if_none_match && objects.count(r.path)) return error(412, "PreconditionFailed");
  stored(r.path, r, r.length, r.digest);
  return {200, "ETag: \"object\"\r\n", "", false};
}

Answer post(const Request& r) {
  if (has(r.query, "uploads")) {
    const std::string id = "upload-" + std::to_string(next_upload++);
    uploads[id].digest = r.digest;
    return {200, "", "<InitiateMultipartUploadResult><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>",
            false};
  }
  const auto found = uploads.find(parameter(r.query, "uploadId"));
  if (found == uploads.end()) return error(404, "NoSuchUpload");
  if (r.if_none_match && objects.count(r.path)) return error(412, "PreconditionFailed");
  size_t size = 0;
  for (const auto& [number, bytes] : found->second.parts) size += bytes;
  Request without = r;
  without.body.clear();
  stored(r.path, without, size, found->second.digest);
  uploads.erase(found);
  return {200, "", "<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>", false};
}

Answer list(const Request& r) {
  const std::string bucket = r.path + (r.path.back() == '/' ? "" : "/");
  const std::string prefix = bucket + parameter(r.query, "prefix"), after = bucket + parameter(r.query, "start-after");
  std::string out = "<ListBucketResult>";
  int count = 0;
  for (auto it = objects.lower_bound(prefix); it != objects.end() && it->first.rfind(prefix, 0) == 0; ++it) {
    if (it->first <= after) continue;
    if (++count > 1000) break;
    out += "<Contents><Key>" + escaped(it->first.substr(bucket.size())) + "</Key><Size>" +
           std::to_string(it->second.size) + "</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>";
  }
  out += std::string("<IsTruncated>") + (count > 1000 ? "true" : "false") + "</IsTruncated></ListBucketResult>";
  return {200, "", out, false};
}

Answer counts() {
  char text[400];
  snprintf(text, sizeof text,
           "{\"objects\":%llu,\"bytes\":%llu,\"entries\":%llu,\"records\":%llu,\"requests\":%llu,\"first_ns\":%llu,"
           "\"last_ns\":%llu}",
           data_objects, data_bytes, entries, listed_records, requests, first_ns, last_ns);
  return {200, "Content-Type: application/json\r\n", text, false};
}

Answer get(const Request& r) {
  const bool head = r.method == "HEAD";
  if (r.path == "/-/counts") return counts();
  if (has(r.query, "uploads"))
    return {200, "", "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>",
            false};
  if (r.path.find('/', 1) == std::string::npos || has(r.query, "list-type")) return list(r);
  const auto found = objects.find(r.path);
  if (found == objects.end()) return error(404, "NoSuchKey");
  const std::string metadata = "x-amz-meta-forebay-sha256: " + found->second.digest + "\r\n";
  if (head) return {200, metadata + "Content-Length: " + std::to_string(found->second.size) + "\r\n", "", true};
  if (found->second.body.size() != found->second.size) return error(501, "NotImplemented");  // bodies are forgotten
  return {200, metadata, found->second.body, false};
}

Answer answer(const Request& r) {
  const std::lock_guard<std::mutex> lock(mutex);
  if (r.path == "/-/counts") return counts();
  ++requests;
  if (!first_ns) first_ns = now_ns();
  if (r.method == "PUT") return put(r);
  if (r.method == "POST") return post(r);
  if (r.method == "GET" || r.method == "HEAD") return get(r);
  if (has(r.query, "uploadId"))
    uploads.erase(parameter(r.query, "uploadId"));
  else
    objects.erase(r.path);
  return {204, "", "", false};
}

void take_header(Request& r, const char* line, size_t size) {
  const auto is = [&](const char* name) {
    const size_t n = strlen(name);
    return size > n && line[n] == ':' && !strncasecmp(line, name, n);
  };
  const auto value = [&] {
    const char* p = static_cast<const char*>(memchr(line, ':', size)) + 1;
    while (p < line + size && *p == ' ') ++p;
    return std::string(p, line + size);
  };
  if (is("content-length")) r.length = strtoull(value().c_str(), nullptr, 10);
  if (is("if-none-match")) r.if_none_match = true;
  if (is("expect")) r.expects = true;
  if (is("connection")) r.close = !strcasecmp(value().c_str(), "close");
  if (is("x-amz-meta-forebay-sha256")) r.digest = value();
}

Request parse(const std::string& head) {
  Request r;
  const size_t line = head.find("\r\n"), first = head.find(' '), second = head.find(' ', first + 1);
  r.method = head.substr(0, first);
  const std::string target = head.substr(first + 1, second - first - 1);
  const size_t question = target.find('?');
  r.path = decoded(target.substr(0, question));
  if (question != std::string::npos) r.query = target.substr(question + 1);
  for (size_t at = line + 2; at < head.size();) {
    const size_t end = head.find("\r\n", at);
    take_header(r, head.data() + at, end - at);
    at = end + 2;
  }
  return r;
}

bool send_all(int fd, const std::string& text) {
  for (size_t sent = 0; sent < text.size();) {
    const ssize_t n = send(fd, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += n;
  }
  return true;
}

bool send_answer(int fd, const Request& r, const Answer& a) {
  std::string text = "HTTP/1.1 " + std::to_string(a.status) + " X\r\n" + a.headers;
  if (!a.head_only) text += "Content-Length: " + std::to_string(a.status == 204 ? 0 : a.body.size()) + "\r\n";
  text += "\r\n";
  if (r.method != "HEAD") text += a.body;
  return send_all(fd, text) && !r.close;
}

void serve(int fd) {
  std::string in;
  std::vector<char> buffer(kBuffer);
  for (bool open = true; open;) {
    size_t end;
    while ((end = in.find("\r\n\r\n")) == std::string::npos) {
      const ssize_t n = recv(fd, buffer.data(), buffer.size(), 0);
      if (n <= 0) return void(close(fd));
      in.append(buffer.data(), n);
    }
    Request r = parse(in.substr(0, end + 2));
    in.erase(0, end + 4);
    if (r.expects) send_all(fd, "HTTP/1.1 100 Continue\r\n\r\n");
    const bool keep = r.length <= kKept || is_entry(r.path);
    size_t got = std::min(in.size(), r.length);
    if (keep) r.body.assign(in, 0, got);
    in.erase(0, got);
    while (got < r.length) {
      const ssize_t n = recv(fd, buffer.data(), std::min(buffer.size(), r.length - got), 0);
      if (n <= 0) return void(close(fd));
      if (keep) r.body.append(buffer.data(), n);
      got += n;
    }
    open = send_answer(fd, r, answer(r));
  }
  close(fd);
}

}  // namespace

int main(int c, char** v) {
  if (c < 2) return fprintf(stderr, "usage: s3_sink PORT [TRACE]\n"), 64;
  if (c > 2 && !(trace = fopen(v[2], "w"))) return perror(v[2]), 1;
  const int l = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(atoi(v[1]));
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(l, (sockaddr*)&a, sizeof a) || listen(l, 512)) return perror("bind"), 1;
  for (;;) {
    const int fd = accept(l, nullptr, nullptr);
    if (fd < 0) continue;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    std::thread(serve, fd).detach();
  }
}
