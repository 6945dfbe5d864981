// Build: g++ -O2 -march=native -std=c++20 gateway_ceiling.cpp -o gateway_ceiling -lcrypto -lisal -lsimdjson
// Throw-away lower bound for W1/W2: one thread, epoll, HTTP/1.1, SHA-256 of body, simdjson, base64, MD5 of key, CRC32C,
// one shared journal, ONE fdatasync per event-loop turn (group commit), then all answers.
// proto PORT JOURNAL MODE(sync|nosync|async2)
#define OPENSSL_SUPPRESS_DEPRECATED
#include <arpa/inet.h>
#include <fcntl.h>
#include <isa-l/crc.h>
#include <netinet/tcp.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <simdjson.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>
using namespace simdjson;
static int8_t T[256];
static size_t b64(const char* in, size_t n, char* out) {
  size_t o = 0;
  for (size_t i = 0; i + 3 < n; i += 4) {
    uint32_t v =
        T[(uint8_t)in[i]] << 18 | T[(uint8_t)in[i + 1]] << 12 | T[(uint8_t)in[i + 2]] << 6 | T[(uint8_t)in[i + 3]];
    out[o++] = v >> 16;
    out[o++] = v >> 8;
    out[o++] = v;
  }
  return o;
}
struct S {
  std::string in;
  size_t need = 0, hdr = 0;
};
int main(int c, char** v) {
  int port = atoi(v[1]);
  bool sync = c < 4 || strcmp(v[3], "nosync");
  memset(T, 0, 256);
  const char* A = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int i = 0; i < 64; i++) T[(uint8_t)A[i]] = i;
  size_t seg = 256 << 20;
  int j = open(v[2], O_CREAT | O_RDWR, 0644);
  {
    std::vector<char> z(1 << 20);
    for (size_t o = 0; o < seg; o += z.size())
      if (pwrite(j, z.data(), z.size(), o) < 0) return 1;
    fdatasync(j);
  }
  int l = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(port);
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(l, (sockaddr*)&a, sizeof a) || listen(l, 512)) return 1;
  int ep = epoll_create1(0);
  epoll_event e{};
  e.events = EPOLLIN;
  e.data.fd = l;
  epoll_ctl(ep, EPOLL_CTL_ADD, l, &e);
  std::vector<S> st(4096);
  epoll_event ev[256];
  static char buf[1 << 18];
  ondemand::parser P;
  std::string log;
  std::vector<std::pair<int, std::string>> ans;
  uint64_t seq = 1, syncs = 0;
  size_t off = 0;
  volatile uint8_t sinkb = 0;
  for (;;) {
    int n = epoll_wait(ep, ev, 256, -1);
    for (int i = 0; i < n; i++) {
      int fd = ev[i].data.fd;
      if (fd == l) {
        int s = accept(l, 0, 0);
        setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        e.data.fd = s;
        epoll_ctl(ep, EPOLL_CTL_ADD, s, &e);
        st[s] = S{};
        continue;
      }
      S& s = st[fd];
      ssize_t r = recv(fd, buf, sizeof buf, MSG_DONTWAIT);
      if (r <= 0) {
        if (r == 0 || errno != EAGAIN) close(fd);
        continue;
      }
      s.in.append(buf, r);
      for (;;) {
        if (!s.need) {
          size_t h = s.in.find("\r\n\r\n");
          if (h == std::string::npos) break;
          size_t cl = 0, p = s.in.find("Content-Length: ");
          if (p < h) cl = atol(s.in.c_str() + p + 16);
          s.hdr = h + 4;
          s.need = h + 4 + cl;
        }
        if (s.in.size() < s.need) break;
        size_t bl = s.need - s.hdr;
        s.in.reserve(s.in.size() + SIMDJSON_PADDING);
        unsigned char sh[32];
        SHA256_CTX sc;
        SHA256_Init(&sc);
        SHA256_Update(&sc, s.in.data() + s.hdr, bl);
        SHA256_Final(sh, &sc);
        sinkb ^= sh[0];
        std::string body;
        bool multi = memmem(s.in.data() + s.hdr, 64, "\"Records\"", 9) != nullptr;
        size_t start = log.size();
        auto add = [&](std::string_view d, std::string_view k) {
          unsigned char md[16];
          MD5_CTX m;
          MD5_Init(&m);
          MD5_Update(&m, k.data(), k.size());
          MD5_Final(md, &m);
          size_t o = log.size();
          log.resize(o + 32 + k.size() + d.size());
          memcpy(&log[o], &seq, 8);
          memcpy(&log[o + 8], md, 16);
          memcpy(&log[o + 32], k.data(), k.size());
          size_t w = b64(d.data(), d.size(), &log[o + 32 + k.size()]);
          log.resize(o + 32 + k.size() + w);
          char t[128];
          int q = snprintf(
              t, 128,
              "{\"SequenceNumber\":\"4959033827149025660855969253%028lu\",\"ShardId\":\"shardId-00000000000%d\"}",
              (unsigned long)seq++, md[0] >> 5);
          body.append(t, q);
        };
        std::string_view js(s.in.data() + s.hdr, bl);
        auto doc = P.iterate(padded_string_view(js.data(), bl, bl + SIMDJSON_PADDING));
        if (multi) {
          body = "{\"FailedRecordCount\":0,\"Records\":[";
          bool f = true;
          for (auto x : doc["Records"].get_array()) {
            if (!f) body += ',';
            f = false;
            std::string_view d = x["Data"].get_string(), k = x["PartitionKey"].get_string();
            add(d, k);
          }
          body += "]}";
        } else {
          std::string_view d = doc["Data"].get_string(), k = doc["PartitionKey"].get_string();
          add(d, k);
        }
        uint32_t cr = crc32_iscsi((unsigned char*)&log[start], log.size() - start, 0);
        memcpy(&log[start + 24], &cr, 4);
        ans.emplace_back(fd, "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: " +
                                 std::to_string(body.size()) + "\r\n\r\n" + body);
        s.in.erase(0, s.need);
        s.need = 0;
      }
    }
    if (!ans.empty()) {
      if (off + log.size() > seg) off = 0;
      if (pwrite(j, log.data(), log.size(), off) < 0) return 1;
      off += log.size();
      if (sync) fdatasync(j);
      syncs++;
      log.clear();
      for (auto& [fd, r] : ans) {
        size_t o = 0;
        while (o < r.size()) {
          ssize_t w = send(fd, r.data() + o, r.size() - o, MSG_NOSIGNAL);
          if (w <= 0) break;
          o += w;
        }
      }
      ans.clear();
    }
  }
}
