// kload: load generator and verifier for anything that speaks the Kinesis Data Streams JSON API over HTTP/1.1.
//
//   g++ -O2 -std=c++20 -pthread kload.cpp -lcrypto -o kload
//
//   kload create --port 4567 --stream s --shards 8
//   kload put    --port 4567 --stream s --records 500 --payload 100 --conns 16 --seconds 10 --manifest m.txt --pid PID
//   kload put    --port 4567 --stream s --records 1   --payload 100 --conns 64 --seconds 10            (PutRecord)
//   kload get    --port 4567 --stream s --manifest m.txt --pid PID                                      (replay + verify)
//   kload delete --port 4567 --stream s
//
// put: closed loop, one request in flight per connection; --rate R makes it open loop (latency is then counted from the
// moment the request was due, so a stalled server cannot hide its stall). Every request is signed with SigV4 unless
// --no-sign. Every record carries run id, producer and sequence number; --manifest writes which ones were acknowledged.
// get: one connection per shard, TRIM_HORIZON to the tip; with --manifest it proves that every acknowledged record is
// there, counts duplicates and order inversions per (shard, producer). Exit status 1 if anything is missing or reordered.
// --pid reads CPU time, memory and write_bytes of the server (comma-separated list) from /proc.
// Linux 5.11 or later; needs libcrypto and nothing else. It refuses any host that is not loopback.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using Clock = std::chrono::steady_clock;
static uint64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}
[[noreturn]] static void die(const std::string& m) {
  fprintf(stderr, "kload: %s\n", m.c_str());
  exit(2);
}

// ---------------------------------------------------------------- options
struct Options {
  std::string cmd, host = "127.0.0.1", stream = "bench", access = "AKIDEXAMPLE", secret = "secret", region = "us-east-1";
  std::string manifest, label;
  std::vector<int> pids;
  int port = 4567, shards = 8, records = 500, payload = 100, conns = 16, threads = 1, keys = 10000, limit = 10000;
  double seconds = 10, warmup = 1, rate = 0;
  uint64_t count = 0;
  bool sign = true;
};

static Options parse(int argc, char** argv) {
  if (argc < 2) die("usage: kload create|put|get|delete [--option value]... (see the head of kload.cpp)");
  Options o;
  o.cmd = argv[1];
  for (int i = 2; i < argc; ++i) {
    std::string k = argv[i];
    if (k == "--no-sign") { o.sign = false; continue; }
    if (i + 1 >= argc) die("value missing for " + k);
    std::string v = argv[++i];
    if (k == "--host") o.host = v;
    else if (k == "--port") o.port = std::stoi(v);
    else if (k == "--stream") o.stream = v;
    else if (k == "--shards") o.shards = std::stoi(v);
    else if (k == "--records") o.records = std::stoi(v);
    else if (k == "--payload") o.payload = std::stoi(v);
    else if (k == "--conns") o.conns = std::stoi(v);
    else if (k == "--threads") o.threads = std::stoi(v);
    else if (k == "--keys") o.keys = std::stoi(v);
    else if (k == "--limit") o.limit = std::stoi(v);
    else if (k == "--seconds") o.seconds = std::stod(v);
    else if (k == "--warmup") o.warmup = std::stod(v);
    else if (k == "--rate") o.rate = std::stod(v);
    else if (k == "--count") o.count = std::stoull(v);
    else if (k == "--manifest") o.manifest = v;
    else if (k == "--label") o.label = v;
    else if (k == "--access-key") o.access = v;
    else if (k == "--secret-key") o.secret = v;
    else if (k == "--region") o.region = v;
    else if (k == "--pid") {
      std::stringstream ss(v);
      for (std::string p; std::getline(ss, p, ',');) o.pids.push_back(std::stoi(p));
    } else die("unknown option " + k);
  }
  if (o.host.rfind("127.", 0) != 0) die("only loopback addresses (127.x.x.x) are allowed");
  if (o.payload < 32 || o.payload > (1 << 20)) die("--payload must be 32..1048576 bytes");
  if (o.records < 1 || o.records > 500) die("--records must be 1..500");
  return o;
}

// ---------------------------------------------------------------- SigV4
struct Sha256 {
  std::array<uint8_t, 32> d;
};
static Sha256 sha256(std::string_view a, std::string_view b = {}) {
  Sha256 r;
  SHA256_CTX c;
  SHA256_Init(&c);
  SHA256_Update(&c, a.data(), a.size());
  if (!b.empty()) SHA256_Update(&c, b.data(), b.size());
  SHA256_Final(r.d.data(), &c);
  return r;
}
static std::string_view sv(const Sha256& s) { return {reinterpret_cast<const char*>(s.d.data()), s.d.size()}; }
static Sha256 hmac(std::string_view key, std::string_view msg) {
  char k[64] = {};
  Sha256 kh;
  if (key.size() > 64) { kh = sha256(key); key = sv(kh); }
  memcpy(k, key.data(), key.size());
  char ip[64], op[64];
  for (int i = 0; i < 64; ++i) { ip[i] = k[i] ^ 0x36; op[i] = k[i] ^ 0x5c; }
  Sha256 in = sha256({ip, 64}, msg);
  return sha256({op, 64}, sv(in));
}
static std::string hex(const Sha256& s) {
  static const char* H = "0123456789abcdef";
  std::string r(64, 0);
  for (int i = 0; i < 32; ++i) { r[2 * i] = H[s.d[i] >> 4]; r[2 * i + 1] = H[s.d[i] & 15]; }
  return r;
}

class Signer {
 public:
  explicit Signer(const Options& o) : o_(o), host_(o.host + ":" + std::to_string(o.port)) {}
  // Builds the whole HTTP request (headers + body) into out.
  void build(const char* action, std::string_view body, std::string& out) {
    time_t t = time(nullptr);
    if (t != last_) {
      last_ = t;
      tm g;
      gmtime_r(&t, &g);
      strftime(date_, sizeof date_, "%Y%m%d", &g);
      strftime(stamp_, sizeof stamp_, "%Y%m%dT%H%M%SZ", &g);
      Sha256 k = hmac("AWS4" + o_.secret, date_);
      k = hmac(sv(k), o_.region);
      k = hmac(sv(k), "kinesis");
      key_ = hmac(sv(k), "aws4_request");
      scope_ = std::string(date_) + "/" + o_.region + "/kinesis/aws4_request";
    }
    std::string target = std::string("Kinesis_20131202.") + action;
    out.clear();
    out.append("POST / HTTP/1.1\r\nHost: ").append(host_).append("\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: ")
        .append(target).append("\r\nX-Amz-Date: ").append(stamp_).append("\r\nContent-Length: ").append(std::to_string(body.size()));
    if (o_.sign) {
      const char* names = "content-type;host;x-amz-date;x-amz-target";
      std::string canon = "POST\n/\n\ncontent-type:application/x-amz-json-1.1\nhost:" + host_ + "\nx-amz-date:" + stamp_ +
                          "\nx-amz-target:" + target + "\n\n" + names + "\n" + hex(sha256(body));
      std::string sts = std::string("AWS4-HMAC-SHA256\n") + stamp_ + "\n" + scope_ + "\n" + hex(sha256(canon));
      out.append("\r\nAuthorization: AWS4-HMAC-SHA256 Credential=").append(o_.access).append("/").append(scope_)
          .append(", SignedHeaders=").append(names).append(", Signature=").append(hex(hmac(sv(key_), sts)));
    }
    out.append("\r\n\r\n").append(body);
  }

 private:
  const Options& o_;
  std::string host_, scope_;
  time_t last_ = 0;
  char date_[16], stamp_[24];
  Sha256 key_;
};

// ---------------------------------------------------------------- base64
static void b64_append(std::string& out, std::string_view in) {
  static const char* T = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t i = 0, n = in.size(), o = out.size();
  out.resize(o + (n + 2) / 3 * 4);
  auto u = reinterpret_cast<const uint8_t*>(in.data());
  for (; i + 2 < n; i += 3) {
    uint32_t v = u[i] << 16 | u[i + 1] << 8 | u[i + 2];
    out[o++] = T[v >> 18]; out[o++] = T[v >> 12 & 63]; out[o++] = T[v >> 6 & 63]; out[o++] = T[v & 63];
  }
  if (i < n) {
    uint32_t v = u[i] << 16 | (i + 1 < n ? u[i + 1] << 8 : 0);
    out[o++] = T[v >> 18]; out[o++] = T[v >> 12 & 63]; out[o++] = i + 1 < n ? T[v >> 6 & 63] : '='; out[o++] = '=';
  }
}
static size_t b64_decode(std::string_view in, char* out) {
  static const auto R = [] {
    std::array<int8_t, 256> r;
    r.fill(-1);
    const char* T = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < 64; ++i) r[uint8_t(T[i])] = i;
    return r;
  }();
  size_t o = 0;
  uint32_t v = 0;
  int bits = 0;
  for (unsigned char c : in) {
    if (R[c] < 0) break;
    v = v << 6 | R[c];
    bits += 6;
    if (bits >= 8) { bits -= 8; out[o++] = char(v >> bits); }
  }
  return o;
}

// ---------------------------------------------------------------- latency histogram (1.6 % buckets)
class Hist {
 public:
  void add(uint64_t ns) {
    ++n_;
    max_ = std::max(max_, ns);
    ++b_[index(ns)];
  }
  void merge(const Hist& h) {
    n_ += h.n_;
    max_ = std::max(max_, h.max_);
    for (size_t i = 0; i < b_.size(); ++i) b_[i] += h.b_[i];
  }
  double ms(double q) const {
    uint64_t want = uint64_t(q * n_), c = 0;
    for (size_t i = 0; i < b_.size(); ++i)
      if ((c += b_[i]) > want) return value(i) / 1e6;
    return max_ / 1e6;
  }
  double max_ms() const { return max_ / 1e6; }
  uint64_t n() const { return n_; }

 private:
  static size_t index(uint64_t v) {
    if (v < 64) return v;
    int e = 63 - __builtin_clzll(v);
    return (e - 5) * 64 + ((v >> (e - 6)) & 63);
  }
  static double value(size_t i) {
    if (i < 64) return i;
    int e = int(i / 64) + 5;
    return double((64 + i % 64) + 0.5) * double(1ull << (e - 6));
  }
  std::vector<uint64_t> b_ = std::vector<uint64_t>(64 * 64);
  uint64_t n_ = 0, max_ = 0;
};

// ---------------------------------------------------------------- /proc meters
struct Meter {
  double cpu = 0;
  uint64_t write_bytes = 0, rss_kb = 0, hwm_kb = 0;
};
static Meter meter(const std::vector<int>& pids) {
  Meter m;
  for (int p : pids) {
    std::string d = "/proc/" + std::to_string(p);
    std::ifstream st(d + "/stat");
    std::string s((std::istreambuf_iterator<char>(st)), {});
    if (auto q = s.rfind(')'); q != std::string::npos) {
      std::stringstream ss(s.substr(q + 2));
      std::string f;
      for (int i = 3; i <= 15 && ss >> f; ++i)
        if (i >= 14) m.cpu += std::stod(f) / double(sysconf(_SC_CLK_TCK));
    }
    std::ifstream io(d + "/io"), status(d + "/status");
    for (std::string l; std::getline(io, l);)
      if (l.rfind("write_bytes:", 0) == 0) m.write_bytes += std::stoull(l.substr(12));
    for (std::string l; std::getline(status, l);) {
      if (l.rfind("VmHWM:", 0) == 0) m.hwm_kb += std::stoull(l.substr(6));
      if (l.rfind("VmRSS:", 0) == 0) m.rss_kb += std::stoull(l.substr(6));
    }
  }
  return m;
}
static double self_cpu() {
  rusage r;
  getrusage(RUSAGE_SELF, &r);
  return double(r.ru_utime.tv_sec + r.ru_stime.tv_sec) + double(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

// ---------------------------------------------------------------- HTTP connection (non-blocking) and response reader
struct Response {
  int status = 0;
  bool close = false;
  std::string body;
};

class Conn {
 public:
  explicit Conn(const Options& o) : o_(o) { open(); }
  ~Conn() { if (fd >= 0) ::close(fd); }
  Conn(const Conn&) = delete;
  void open() {
    if (fd >= 0) ::close(fd);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(uint16_t(o_.port));
    inet_pton(AF_INET, o_.host.c_str(), &a.sin_addr);
    if (connect(fd, reinterpret_cast<sockaddr*>(&a), sizeof a) != 0) die("cannot connect to port " + std::to_string(o_.port));
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    in_.clear();
    off_ = 0;
  }
  bool send_some() {  // false: connection broken
    while (off_ < out.size()) {
      ssize_t r = ::send(fd, out.data() + off_, out.size() - off_, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (r > 0) off_ += size_t(r);
      else if (errno == EAGAIN || errno == EINTR) return true;
      else return false;
    }
    return true;
  }
  void start() { off_ = 0; }
  bool sent() const { return off_ == out.size(); }
  // -1 broken, 0 need more, 1 response complete
  int read_some(Response& r, bool block = false) {
    for (;;) {
      if (int c = try_parse(r)) return c;
      size_t old = in_.size(), want = 262144;
      in_.resize(old + want);
      ssize_t n = ::recv(fd, in_.data() + old, want, block ? 0 : MSG_DONTWAIT);
      in_.resize(old + (n > 0 ? size_t(n) : 0));
      if (n > 0) continue;
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
      return -1;
    }
  }
  void call(Response& r) {
    start();
    while (!sent())
      if (!send_some()) die("connection lost while sending");
    if (read_some(r, true) != 1) die("connection lost while waiting for an answer");
    if (r.close) open();
  }
  int fd = -1;
  std::string out;

 private:
  int try_parse(Response& r) {
    if (head_ == 0) {
      size_t e = in_.find("\r\n\r\n");
      if (e == std::string::npos) return 0;
      head_ = e + 4;
      r = {};
      r.status = atoi(in_.c_str() + 9);
      len_ = 0;
      chunked_ = false;
      size_t p = in_.find("\r\n") + 2;
      while (p < e) {
        size_t q = in_.find("\r\n", p);
        std::string l = in_.substr(p, q - p);
        std::transform(l.begin(), l.end(), l.begin(), [](unsigned char c) { return tolower(c); });
        if (l.rfind("content-length:", 0) == 0) len_ = std::stoull(l.substr(15));
        if (l.rfind("transfer-encoding:", 0) == 0 && l.find("chunked") != std::string::npos) chunked_ = true;
        if (l.rfind("connection:", 0) == 0 && l.find("close") != std::string::npos) r.close = true;
        p = q + 2;
      }
      pos_ = head_;
    }
    if (!chunked_) {
      if (in_.size() < head_ + len_) return 0;
      r.body.assign(in_, head_, len_);
      return done(head_ + len_);
    }
    for (;;) {
      size_t e = in_.find("\r\n", pos_);
      if (e == std::string::npos) return 0;
      size_t n = strtoull(in_.c_str() + pos_, nullptr, 16);
      if (in_.size() < e + 2 + n + 2) return 0;
      if (n == 0) return done(e + 4);
      r.body.append(in_, e + 2, n);
      pos_ = e + 2 + n + 2;
    }
  }
  int done(size_t end) {
    in_.erase(0, end);
    head_ = 0;
    return 1;
  }
  const Options& o_;
  std::string in_;
  size_t off_ = 0, head_ = 0, len_ = 0, pos_ = 0;
  bool chunked_ = false;
};

// ---------------------------------------------------------------- record identity: "MR1" run(8) producer(4) seq(12) + filler
static void put_hex(char* p, uint64_t v, int digits) {
  for (int i = digits - 1; i >= 0; --i, v >>= 4) p[i] = "0123456789abcdef"[v & 15];
}
static uint64_t get_hex(const char* p, int digits) {
  uint64_t v = 0;
  for (int i = 0; i < digits; ++i) v = v << 4 | uint64_t((p[i] & 15) + (p[i] > '9' ? 9 : 0));
  return v;
}
static const std::string& filler() {  // telemetry-like text, compressible like real readings
  static const std::string f = [] {
    std::string r;
    char b[32];
    for (uint64_t x = 0x9E3779B97F4A7C15ull; r.size() < (2u << 20);) {
      x ^= x << 13; x ^= x >> 7; x ^= x << 17;
      int n = snprintf(b, sizeof b, "%u.%02u,\"q\":", unsigned(x % 90 + 10), unsigned(x >> 32) % 100);
      r.append(b, size_t(n));
    }
    return r;
  }();
  return f;
}
static void fill_record(std::string& r, uint32_t run, unsigned producer, uint64_t seq, int size) {
  r.resize(size_t(size));
  memcpy(r.data(), "MR1", 3);
  put_hex(r.data() + 3, run, 8);
  put_hex(r.data() + 11, producer, 4);
  put_hex(r.data() + 15, seq, 12);
  memcpy(r.data() + 27, "{\"v\":", 5);
  memcpy(r.data() + 32, filler().data() + (seq * 7919 + producer) % (1u << 20), std::min<size_t>(size_t(size) - 32, 1u << 20));
}

struct Range {
  uint64_t a, b;  // [a, b)
};
struct Producer {
  unsigned id;
  uint64_t next = 0, first_in_flight = 0, due = 0, t0 = 0;
  std::vector<Range> acked;
  void ack(uint64_t a, uint64_t b) {
    if (!acked.empty() && acked.back().b == a) acked.back().b = b;
    else acked.push_back({a, b});
  }
};

struct PutStats {
  Hist h;
  uint64_t req = 0, acked = 0, failed = 0, http_errors = 0, broken = 0;
  std::string first_error;
};

static void make_put(const Options& o, uint32_t run, Producer& p, Signer& s, std::string& body, std::string& rec, std::string& out) {
  p.first_in_flight = p.next;
  char key[16];
  auto one = [&] {
    fill_record(rec, run, p.id, p.next, o.payload);
    uint64_t kv = (p.next * 2654435761u + p.id * 40503u) % unsigned(o.keys);
    memcpy(key, "dev-000000", 10);
    for (int d = 9; kv && d > 3; --d, kv /= 10) key[d] = char('0' + kv % 10);
    ++p.next;
    body.append("\"Data\":\"");
    b64_append(body, rec);
    body.append("\",\"PartitionKey\":\"").append(key, 10).append("\"");
  };
  body.clear();
  if (o.records == 1) {
    body.append("{\"StreamName\":\"").append(o.stream).append("\",");
    one();
    body.append("}");
    s.build("PutRecord", body, out);
    return;
  }
  body.append("{\"StreamName\":\"").append(o.stream).append("\",\"Records\":[");
  for (int i = 0; i < o.records; ++i) {
    body.append(i ? ",{" : "{");
    one();
    body.append("}");
  }
  body.append("]}");
  s.build("PutRecords", body, out);
}

static void account(const Options& o, Producer& p, const Response& r, PutStats& st) {
  uint64_t a = p.first_in_flight, n = p.next - a;
  if (r.status != 200) {
    ++st.http_errors;
    st.failed += n;
    if (st.first_error.empty()) st.first_error = std::to_string(r.status) + " " + r.body.substr(0, 200);
    return;
  }
  if (n == 1 || r.body.find("\"FailedRecordCount\":0") != std::string::npos) {  // the usual case: count the sequence numbers
    uint64_t c = 0;
    for (const char *q = r.body.data(), *e = q + r.body.size(); (q = static_cast<const char*>(memmem(q, size_t(e - q), "\"SequenceNumber\":\"", 18))); q += 18) ++c;
    if (c == n) {
      p.ack(a, p.next);
      st.acked += n;
      return;
    }
  }
  // Walk the answers in order: each record answers with either SequenceNumber or ErrorCode.
  uint64_t i = 0;
  for (size_t pos = 0; i < n;) {
    size_t q = r.body.find_first_of("SE", pos);
    if (q == std::string::npos) break;
    std::string_view v(r.body);
    v.remove_prefix(q);
    if (q > 0 && r.body[q - 1] == '"' && v.rfind("SequenceNumber\":\"", 0) == 0) {
      p.ack(a + i, a + i + 1);
      ++i;
      ++st.acked;
      pos = q + 70;  // skip the number itself
    } else if (q > 0 && r.body[q - 1] == '"' && v.rfind("ErrorCode\":\"", 0) == 0) {
      ++i;
      ++st.failed;
      if (st.first_error.empty()) st.first_error = std::string(v.substr(0, 120));
      pos = q + 12;
      size_t close = r.body.find('}', pos);  // skip ErrorMessage
      pos = close == std::string::npos ? r.body.size() : close;
    } else pos = q + 1;
  }
  if (i != n) {
    st.failed += n - i;
    if (st.first_error.empty()) st.first_error = "answer has fewer results than records: " + r.body.substr(0, 160);
  }
  (void)o;
}

static int run_put(const Options& o) {
  uint32_t run = std::random_device{}();
  std::vector<Producer> producers(static_cast<size_t>(o.conns));
  for (int i = 0; i < o.conns; ++i) producers[size_t(i)].id = unsigned(i);
  std::vector<PutStats> stats(static_cast<size_t>(o.threads));
  std::atomic<uint64_t> sent{0};
  std::atomic<int> phase{o.warmup > 0 ? 0 : 1};  // 0 warm-up, 1 measuring, 2 stop
  auto worker = [&](int t) {
    prctl(PR_SET_TIMERSLACK, 1000);
    Signer sg(o);
    PutStats& st = stats[size_t(t)];
    PutStats ignore;
    std::vector<std::pair<std::unique_ptr<Conn>, Producer*>> cs;
    for (int i = t; i < o.conns; i += o.threads) cs.emplace_back(std::make_unique<Conn>(o), &producers[size_t(i)]);
    int ep = epoll_create1(0);
    std::string body, rec;
    Response r;
    size_t busy = 0;
    double per_conn_ns = o.rate > 0 ? 1e9 * o.records * o.conns / o.rate : 0;
    std::vector<bool> active(cs.size(), false);
    auto launch = [&](size_t i, uint64_t t_due) {
      Producer& p = *cs[i].second;
      if (phase.load(std::memory_order_relaxed) == 2) return;
      if (o.count && sent.fetch_add(uint64_t(o.records)) >= o.count) return;
      make_put(o, run, p, sg, body, rec, cs[i].first->out);
      p.t0 = per_conn_ns > 0 ? t_due : now_ns();
      cs[i].first->start();
      cs[i].first->send_some();
      active[i] = true;
      ++busy;
      epoll_event ev{};
      ev.events = EPOLLIN | (cs[i].first->sent() ? 0u : unsigned(EPOLLOUT));
      ev.data.u64 = i;
      epoll_ctl(ep, EPOLL_CTL_MOD, cs[i].first->fd, &ev);
    };
    for (size_t i = 0; i < cs.size(); ++i) {
      epoll_event ev{};
      ev.events = EPOLLIN;
      ev.data.u64 = i;
      epoll_ctl(ep, EPOLL_CTL_ADD, cs[i].first->fd, &ev);
      cs[i].second->due = now_ns() + uint64_t(per_conn_ns * double(i) / double(cs.size()));
      if (per_conn_ns == 0) launch(i, 0);
    }
    epoll_event evs[128];
    while (true) {
      if (per_conn_ns > 0 && phase.load() != 2) {
        uint64_t n = now_ns();
        for (size_t i = 0; i < cs.size(); ++i)
          if (!active[i] && cs[i].second->due <= n) {
            uint64_t d = cs[i].second->due;
            cs[i].second->due += uint64_t(per_conn_ns);
            launch(i, d);
          }
      }
      if (busy == 0 && (phase.load() == 2 || (o.count && sent.load() >= o.count))) break;
      uint64_t wait_ns = 1'000'000'000;
      if (per_conn_ns > 0) {  // open loop: wake exactly when the next request is due
        uint64_t next = UINT64_MAX, t = now_ns();
        for (size_t i = 0; i < cs.size(); ++i)
          if (!active[i]) next = std::min(next, cs[i].second->due);
        wait_ns = next <= t ? 0 : std::min<uint64_t>(next - t, 1'000'000);
      }
      timespec ts{time_t(wait_ns / 1'000'000'000), long(wait_ns % 1'000'000'000)};
      int n = epoll_pwait2(ep, evs, 128, &ts, nullptr);
      for (int k = 0; k < n; ++k) {
        size_t i = evs[k].data.u64;
        Conn& c = *cs[i].first;
        Producer& p = *cs[i].second;
        bool broken = false;
        if (evs[k].events & EPOLLOUT) {
          broken = !c.send_some();
          if (!broken && c.sent()) {
            epoll_event ev{};
            ev.events = EPOLLIN;
            ev.data.u64 = i;
            epoll_ctl(ep, EPOLL_CTL_MOD, c.fd, &ev);
          }
        }
        int got = broken ? -1 : (evs[k].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) ? c.read_some(r) : 0;
        if (got == 0) continue;
        PutStats& s = phase.load(std::memory_order_relaxed) == 0 ? ignore : st;
        if (got == 1) {
          s.h.add(now_ns() - p.t0);
          ++s.req;
          account(o, p, r, s);
        } else {
          ++s.broken;
          s.failed += p.next - p.first_in_flight;
        }
        active[i] = false;
        --busy;
        if (got < 0 || r.close) {
          c.open();
          epoll_event ev{};
          ev.events = EPOLLIN;
          ev.data.u64 = i;
          epoll_ctl(ep, EPOLL_CTL_ADD, c.fd, &ev);
        }
        if (per_conn_ns == 0) launch(i, 0);
      }
    }
    close(ep);
  };
  std::vector<std::thread> ts;
  for (int t = 0; t < o.threads; ++t) ts.emplace_back(worker, t);
  if (o.warmup > 0 && !o.count) std::this_thread::sleep_for(std::chrono::duration<double>(o.warmup));
  phase = 1;
  Meter m0 = meter(o.pids);
  double c0 = self_cpu();
  uint64_t t0 = now_ns();
  if (!o.count) {
    std::this_thread::sleep_for(std::chrono::duration<double>(o.seconds));
    phase = 2;
  }
  for (auto& t : ts) t.join();
  double el = double(now_ns() - t0) / 1e9, c1 = self_cpu();
  Meter m1 = meter(o.pids);
  PutStats s;
  for (auto& x : stats) {
    s.h.merge(x.h);
    s.req += x.req; s.acked += x.acked; s.failed += x.failed; s.http_errors += x.http_errors; s.broken += x.broken;
    if (s.first_error.empty()) s.first_error = x.first_error;
  }
  double mrec = double(s.acked) / 1e6;
  printf("{\"label\":\"%s\",\"op\":\"put\",\"records_per_request\":%d,\"payload\":%d,\"conns\":%d,\"seconds\":%.2f,\"requests\":%llu,"
         "\"acked\":%llu,\"failed\":%llu,\"http_errors\":%llu,\"broken\":%llu,\"records_per_s\":%.0f,\"mb_per_s\":%.2f,"
         "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%.1f,\"server_cpu_s_per_mrec\":%.2f,\"server_rss_mb\":%.1f,"
         "\"server_peak_mb\":%.1f,\"write_bytes_per_payload_byte\":%.2f,\"client_cpu_s_per_mrec\":%.2f}\n",
         o.label.c_str(), o.records, o.payload, o.conns, el, (unsigned long long)s.req, (unsigned long long)s.acked,
         (unsigned long long)s.failed, (unsigned long long)s.http_errors, (unsigned long long)s.broken, double(s.acked) / el,
         double(s.acked) * o.payload / el / 1e6, s.h.ms(.5), s.h.ms(.99), s.h.ms(.999), s.h.max_ms(), (m1.cpu - m0.cpu) / mrec,
         double(m1.rss_kb) / 1024, double(m1.hwm_kb) / 1024, double(m1.write_bytes - m0.write_bytes) / (double(s.acked) * o.payload),
         (c1 - c0) / mrec);
  if (!s.first_error.empty()) fprintf(stderr, "first error: %s\n", s.first_error.c_str());
  if (!o.manifest.empty()) {
    std::ofstream f(o.manifest);
    f << "run " << std::hex << run << std::dec << " producers " << o.conns << "\n";
    for (auto& p : producers)
      for (auto& r : p.acked) f << p.id << " " << r.a << " " << r.b << "\n";
  }
  return s.failed ? 1 : 0;
}

// ---------------------------------------------------------------- get: replay and verify
static std::string json_str(std::string_view b, std::string_view name, size_t from = 0) {
  std::string n = "\"" + std::string(name) + "\":\"";
  size_t p = b.find(n, from);
  if (p == std::string_view::npos) return {};
  p += n.size();
  return std::string(b.substr(p, b.find('"', p) - p));
}

struct Seen {
  uint64_t records = 0, bytes = 0, requests = 0, foreign = 0, inversions = 0, dups = 0, errors = 0;
  Hist h;
};

static int run_get(const Options& o) {
  uint32_t run = 0;
  std::vector<std::vector<Range>> acked;
  uint64_t expected = 0;
  if (!o.manifest.empty()) {
    std::ifstream f(o.manifest);
    std::string w;
    size_t n = 0;
    f >> w >> std::hex >> run >> std::dec >> w >> n;
    acked.resize(n);
    size_t id;
    for (Range r; f >> id >> r.a >> r.b;) { acked[id].push_back(r); expected += r.b - r.a; }
  }
  std::vector<std::vector<std::atomic<uint8_t>>> bits;
  for (auto& a : acked) bits.emplace_back(a.empty() ? 0 : a.back().b);
  Signer sg(o);
  Conn c(o);
  Response r;
  std::vector<std::string> shards;
  sg.build("ListShards", "{\"StreamName\":\"" + o.stream + "\"}", c.out);
  c.call(r);
  for (size_t p = 0; (p = r.body.find("\"ShardId\":\"", p)) != std::string::npos; p += 11) shards.push_back(json_str(r.body, "ShardId", p));
  if (shards.empty()) die("no shards: " + r.body.substr(0, 300));
  std::vector<Seen> seen(shards.size());
  auto worker = [&](size_t k) {
    Signer s(o);
    Conn cn(o);
    Response rs;
    std::string body = "{\"StreamName\":\"" + o.stream + "\",\"ShardId\":\"" + shards[k] + "\",\"ShardIteratorType\":\"TRIM_HORIZON\"}";
    s.build("GetShardIterator", body, cn.out);
    cn.call(rs);
    std::string it = json_str(rs.body, "ShardIterator");
    if (it.empty()) die("no iterator: " + rs.body.substr(0, 300));
    std::vector<uint64_t> last(acked.size(), 0);
    Seen& z = seen[k];
    std::vector<char> dec(2 << 20);
    int empty = 0, throttled = 0;
    while (!it.empty() && empty < 2) {
      s.build("GetRecords", "{\"ShardIterator\":\"" + it + "\",\"Limit\":" + std::to_string(o.limit) + "}", cn.out);
      uint64_t t = now_ns();
      cn.call(rs);
      z.h.add(now_ns() - t);
      ++z.requests;
      if (rs.status != 200) {
        ++z.errors;
        if (++throttled > 1000) die("too many errors: " + rs.body.substr(0, 300));
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        continue;
      }
      uint64_t got = 0;
      std::string_view b(rs.body);
      for (size_t p = 0; (p = b.find("\"Data\":\"", p)) != std::string_view::npos;) {
        p += 8;
        size_t e = b.find('"', p);
        if (dec.size() < e - p) dec.resize(e - p);
        size_t n = b64_decode(b.substr(p, e - p), dec.data());
        p = e;
        ++got;
        z.bytes += n;
        if (acked.empty()) continue;
        uint64_t rr = get_hex(&dec[3], 8), pr = get_hex(&dec[11], 4), sq = get_hex(&dec[15], 12);
        if (n < 32 || memcmp(dec.data(), "MR1", 3) != 0 || rr != run || pr >= acked.size()) { ++z.foreign; continue; }
        if (sq + 1 <= last[pr]) ++z.inversions;
        last[pr] = sq + 1;
        if (sq < bits[pr].size() && bits[pr][sq].fetch_add(1, std::memory_order_relaxed) > 0) ++z.dups;
      }
      z.records += got;
      std::string nx = json_str(rs.body, "NextShardIterator");
      if (got == 0) {
        size_t q = rs.body.find("\"MillisBehindLatest\":");
        if (q == std::string::npos || atoll(rs.body.c_str() + q + 21) == 0) ++empty;
      } else empty = 0;
      it = nx;
    }
  };
  Meter m0 = meter(o.pids);
  double c0 = self_cpu();
  uint64_t t0 = now_ns();
  std::vector<std::thread> ts;
  for (size_t k = 0; k < shards.size(); ++k) ts.emplace_back(worker, k);
  for (auto& t : ts) t.join();
  double el = double(now_ns() - t0) / 1e9, c1 = self_cpu();
  Meter m1 = meter(o.pids);
  Seen z;
  for (auto& x : seen) {
    z.records += x.records; z.bytes += x.bytes; z.requests += x.requests; z.foreign += x.foreign; z.inversions += x.inversions;
    z.dups += x.dups; z.errors += x.errors;
    z.h.merge(x.h);
  }
  uint64_t missing = 0;
  for (size_t p = 0; p < acked.size(); ++p)
    for (auto& g : acked[p])
      for (uint64_t s = g.a; s < g.b; ++s) missing += bits[p][s] == 0;
  double mrec = double(z.records) / 1e6;
  printf("{\"label\":\"%s\",\"op\":\"get\",\"shards\":%zu,\"seconds\":%.2f,\"requests\":%llu,\"errors\":%llu,\"records\":%llu,\"records_per_s\":%.0f,"
         "\"mb_per_s\":%.2f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"server_cpu_s_per_mrec\":%.2f,\"server_rss_mb\":%.1f,"
         "\"client_cpu_s_per_mrec\":%.2f,\"acked\":%llu,\"missing\":%llu,\"duplicates\":%llu,\"inversions\":%llu,\"foreign\":%llu}\n",
         o.label.c_str(), shards.size(), el, (unsigned long long)z.requests, (unsigned long long)z.errors, (unsigned long long)z.records,
         double(z.records) / el, double(z.bytes) / el / 1e6, z.h.ms(.5), z.h.ms(.99), z.h.ms(.999), (m1.cpu - m0.cpu) / mrec,
         double(m1.rss_kb) / 1024, (c1 - c0) / mrec, (unsigned long long)expected, (unsigned long long)missing, (unsigned long long)z.dups,
         (unsigned long long)z.inversions, (unsigned long long)z.foreign);
  return missing || z.inversions ? 1 : 0;
}

static int run_admin(const Options& o) {
  Signer s(o);
  Conn c(o);
  Response r;
  if (o.cmd == "delete") {
    s.build("DeleteStream", "{\"StreamName\":\"" + o.stream + "\"}", c.out);
    c.call(r);
    return r.status == 200 ? 0 : 1;
  }
  s.build("CreateStream", "{\"StreamName\":\"" + o.stream + "\",\"ShardCount\":" + std::to_string(o.shards) + "}", c.out);
  c.call(r);
  if (r.status != 200) die("CreateStream: " + std::to_string(r.status) + " " + r.body.substr(0, 300));
  for (int i = 0; i < 600; ++i) {
    s.build("DescribeStreamSummary", "{\"StreamName\":\"" + o.stream + "\"}", c.out);
    c.call(r);
    if (r.body.find("\"ACTIVE\"") != std::string::npos) return 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  die("stream did not become ACTIVE");
}

int main(int argc, char** argv) {
  Options o = parse(argc, argv);
  if (o.cmd == "put") return run_put(o);
  if (o.cmd == "get") return run_get(o);
  if (o.cmd == "create" || o.cmd == "delete") return run_admin(o);
  die("unknown command " + o.cmd);
}
