// The ceiling of W3: answers ListShards (8), GetShardIterator and GetRecords with a body built afresh for every call
// (10,000 records of 100 B: base64 + JSON), 125 calls per shard = 10 M records = 1 GB, then empty answers. One thread,
// epoll.
// Build: g++ -O2 -march=native -std=c++20 replay_ceiling.cpp -o replay_ceiling
// Run: replay_ceiling PORT; kload get --port PORT
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

static void b64(std::string& out, const unsigned char* u, size_t n) {
  static const char* T = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t o = out.size(), i = 0;
  out.resize(o + (n + 2) / 3 * 4);
  char* q = out.data() + o;
  for (; i + 2 < n; i += 3) {
    uint32_t v = u[i] << 16 | u[i + 1] << 8 | u[i + 2];
    *q++ = T[v >> 18]; *q++ = T[v >> 12 & 63]; *q++ = T[v >> 6 & 63]; *q++ = T[v & 63];
  }
  if (i < n) {
    uint32_t v = u[i] << 16 | (i + 1 < n ? u[i + 1] << 8 : 0);
    *q++ = T[v >> 18]; *q++ = T[v >> 12 & 63]; *q++ = i + 1 < n ? T[v >> 6 & 63] : '='; *q++ = '=';
  }
}

int main(int c, char** v) {
  if (c < 2) return 2;
  std::string store(1 << 20, 'x');
  for (size_t i = 0; i < store.size(); ++i) store[i] = char('0' + i * 7 % 43);
  int l = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(uint16_t(atoi(v[1])));
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(l, reinterpret_cast<sockaddr*>(&a), sizeof a) || listen(l, 64)) return 1;
  int ep = epoll_create1(0);
  epoll_event e{};
  e.events = EPOLLIN;
  e.data.fd = l;
  epoll_ctl(ep, EPOLL_CTL_ADD, l, &e);
  std::vector<std::string> in(4096);
  epoll_event ev[64];
  std::string body, resp;
  char buf[65536];
  for (;;) {
    int n = epoll_wait(ep, ev, 64, -1);
    for (int i = 0; i < n; ++i) {
      int fd = ev[i].data.fd;
      if (fd == l) {
        int s = accept(l, nullptr, nullptr);
        setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        e.data.fd = s;
        epoll_ctl(ep, EPOLL_CTL_ADD, s, &e);
        in[size_t(s)].clear();
        continue;
      }
      ssize_t r = recv(fd, buf, sizeof buf, MSG_DONTWAIT);
      if (r <= 0) {
        if (r == 0 || errno != EAGAIN) close(fd);
        continue;
      }
      std::string& s = in[size_t(fd)];
      s.append(buf, size_t(r));
      size_t h = s.find("\r\n\r\n");
      if (h == std::string::npos) continue;
      size_t cl = strtoul(s.c_str() + s.find("Content-Length: ") + 16, nullptr, 10);
      if (s.size() < h + 4 + cl) continue;
      body.clear();
      if (s.find("ListShards") < h) {
        body = "{\"Shards\":[";
        for (int k = 0; k < 8; ++k)
          body += std::string(k ? "," : "") + "{\"ShardId\":\"shardId-00000000000" + std::to_string(k) + "\"}";
        body += "]}";
      } else if (s.find("GetShardIterator") < h) {
        body = "{\"ShardIterator\":\"0\"}";
      } else {
        size_t p = s.find("ShardIterator\":\"", h);
        unsigned long k = strtoul(s.c_str() + p + 16, nullptr, 10);
        body = "{\"Records\":[";
        if (k < 125) {
          for (unsigned i2 = 0; i2 < 10000; ++i2) {
            char t[200];
            int q = snprintf(t, sizeof t,
                             "%s{\"SequenceNumber\":\"4959033827149025660855969253%028lu\","
                             "\"ApproximateArrivalTimestamp\":1795252334.123,\"PartitionKey\":\"dev-%06u\",\"Data\":\"",
                             i2 ? "," : "", k * 10000 + i2, i2);
            body.append(t, size_t(q));
            b64(body, reinterpret_cast<const unsigned char*>(store.data()) + i2 * 100, 100);
            body += "\"}";
          }
          ++k;
        }
        body += "],\"NextShardIterator\":\"" + std::to_string(k) + "\",\"MillisBehindLatest\":0}";
      }
      s.clear();
      resp = "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body;
      for (size_t off = 0; off < resp.size();) {
        ssize_t w = send(fd, resp.data() + off, resp.size() - off, MSG_NOSIGNAL);
        if (w <= 0) break;
        off += size_t(w);
      }
    }
  }
}
