// Build: g++ -O2 -std=c++20 tcpsink.cpp -o tcpsink
// tcpsink PORT MODE(raw|http) STATEFILE : counts lines/bytes; http answers 200 to each request (Content-Length or
// chunked bodies).
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>
static double now(clockid_t c = CLOCK_MONOTONIC) {
  timespec t;
  clock_gettime(c, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}
struct S {
  std::string in;
  size_t need = 0;
  size_t hdr = 0;
};
int main(int c, char** v) {
  int port = atoi(v[1]);
  bool http = !strcmp(v[2], "http");
  std::string sf = v[3];
  int l = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(port);
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(l, (sockaddr*)&a, sizeof a) || listen(l, 512)) {
    perror("bind");
    return 1;
  }
  int ep = epoll_create1(0);
  epoll_event e{};
  e.events = EPOLLIN;
  e.data.fd = l;
  epoll_ctl(ep, EPOLL_CTL_ADD, l, &e);
  std::vector<S> st(4096);
  epoll_event ev[64];
  static char buf[1 << 20];
  unsigned long lines = 0, bytes = 0, reqs = 0;
  double first = 0, last = 0, lastflush = 0;
  std::vector<float> lag;
  auto scan = [&](const char* p, size_t n) {
    const char *q = p, *en = p + n;
    while ((q = (const char*)memchr(q, '\n', en - q))) {
      lines++;
      q++;
    }
    const char* t = (const char*)memmem(p, n, "ts=", 3);
    if (t && t + 23 < en) {
      double x = strtoull(t + 3, 0, 10) / 1e9;
      double d = now(CLOCK_REALTIME) - x;
      if (d >= 0 && d < 1000) lag.push_back(d);
    }
  };
  auto flush = [&] {
    std::sort(lag.begin(), lag.end());
    FILE* f = fopen((sf + ".t").c_str(), "w");
    fprintf(f, "%lu %lu %lu %.6f %.6f %.4f %.4f\n", lines, bytes, reqs, first, last,
            lag.size() ? lag[lag.size() / 2] : 0.f, lag.size() ? lag[lag.size() * 99 / 100] : 0.f);
    fclose(f);
    rename((sf + ".t").c_str(), sf.c_str());
    lastflush = now();
  };
  for (;;) {
    int n = epoll_wait(ep, ev, 64, 100);
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
      ssize_t r = recv(fd, buf, sizeof buf, MSG_DONTWAIT);
      if (r <= 0) {
        if (r == 0 || errno != EAGAIN) close(fd);
        continue;
      }
      if (!first) first = now();
      last = now();
      bytes += r;
      if (!http) {
        scan(buf, r);
        continue;
      }
      S& s = st[fd];
      s.in.append(buf, r);
      for (;;) {
        if (!s.need) {
          size_t h = s.in.find("\r\n\r\n");
          if (h == std::string::npos) break;
          size_t cl = 0, p = s.in.find("ontent-Length: ");
          if (p == std::string::npos) p = s.in.find("ontent-length: ");
          if (p != std::string::npos && p < h) cl = atol(s.in.c_str() + p + 15);
          s.hdr = h + 4;
          s.need = h + 4 + cl;
        }
        if (s.in.size() < s.need) break;
        scan(s.in.data() + s.hdr, s.need - s.hdr);
        s.in.erase(0, s.need);
        s.need = 0;
        reqs++;
        static const char R[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        send(fd, R, sizeof R - 1, MSG_NOSIGNAL);
      }
    }
    if (now() - lastflush > 0.1) flush();
  }
}
