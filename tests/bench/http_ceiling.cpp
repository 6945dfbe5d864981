// A server that does nothing: the ceiling of HTTP/1.1 keep-alive on this machine.
// Build: g++ -O2 -std=c++20 http_ceiling.cpp -o http_ceiling   Run: http_ceiling PORT [RECORDS_IN_ANSWER]
// trivial HTTP/1.1 keep-alive ceiling: epoll, reads Content-Length body, answers a canned body (argument: records in
// answer)
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>
int main(int c, char** v) {
  int port = atoi(v[1]);
  int nrec = c > 2 ? atoi(v[2]) : 0;
  std::string body;
  if (nrec == 1)
    body =
        "{\"SequenceNumber\":\"49590338271490256608559692538361571095921575989136588898\",\"ShardId\":\"shardId-"
        "000000000000\"}";
  else if (nrec > 1) {
    body = "{\"FailedRecordCount\":0,\"Records\":[";
    for (int i = 0; i < nrec; i++) {
      if (i) body += ",";
      body +=
          "{\"SequenceNumber\":\"49590338271490256608559692538361571095921575989136588898\",\"ShardId\":\"shardId-"
          "000000000000\"}";
    }
    body += "]}";
  } else
    body = "ok";
  std::string resp =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body;
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
  struct S {
    std::string in;
    size_t need = 0;
    std::string out;
  };
  std::vector<S> st(70000);
  epoll_event ev[256];
  static char buf[1 << 18];
  for (;;) {
    int n = epoll_wait(ep, ev, 256, -1);
    for (int i = 0; i < n; i++) {
      int fd = ev[i].data.fd;
      if (fd == l) {
        int s = accept(l, 0, 0);
        setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        e.events = EPOLLIN;
        e.data.fd = s;
        epoll_ctl(ep, EPOLL_CTL_ADD, s, &e);
        st[s] = S{};
        continue;
      }
      S& s = st[fd];
      ssize_t r = recv(fd, buf, sizeof buf, MSG_DONTWAIT);
      if (r <= 0) {
        if (r == 0 || errno != EAGAIN) {
          close(fd);
        }
        continue;
      }
      s.in.append(buf, r);
      for (;;) {
        if (!s.need) {
          size_t h = s.in.find("\r\n\r\n");
          if (h == std::string::npos) break;
          size_t cl = 0;
          size_t p = s.in.find("Content-Length: ");
          if (p == std::string::npos) p = s.in.find("content-length: ");
          if (p != std::string::npos && p < h) cl = atol(s.in.c_str() + p + 16);
          s.need = h + 4 + cl;
        }
        if (s.in.size() < s.need) break;
        s.in.erase(0, s.need);
        s.need = 0;
        size_t off = 0;
        while (off < resp.size()) {
          ssize_t w = send(fd, resp.data() + off, resp.size() - off, MSG_NOSIGNAL);
          if (w <= 0) break;
          off += w;
        }
      }
    }
  }
}
