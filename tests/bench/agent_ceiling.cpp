// The least an agent can do. Build: g++ -O2 -std=c++20 agent_ceiling.cpp -o agent_ceiling -lisal -llz4
// ceiling FILE SPOOL PORT MODE(plain|fsync|fsync-lz4): what a minimal agent costs: read, split lines, crc32c, spool
// write (+fdatasync per 1 MiB), lz4 per 128 KiB, send
#include <arpa/inet.h>
#include <fcntl.h>
#include <isa-l/crc.h>
#include <lz4.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>
static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
int main(int c, char** v) {
  int f = open(v[1], O_RDONLY), s = open(v[2], O_CREAT | O_RDWR, 0644);
  bool fs = strncmp(v[4], "fsync", 5) == 0, lz = strstr(v[4], "lz4");
  size_t seg = 64 << 20;
  int k = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(atoi(v[3]));
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(k, (sockaddr*)&a, sizeof a)) return 1;
  static char b[1 << 20];
  std::string z(LZ4_compressBound(1 << 17), 0);
  double t = now();
  size_t tot = 0, lines = 0, off = 0;
  unsigned x = 0;
  ssize_t r;
  while ((r = read(f, b, sizeof b)) > 0) {
    tot += r;
    char *q = b, *e = b + r;
    while ((q = (char*)memchr(q, '\n', e - q))) {
      lines++;
      q++;
    }
    x ^= crc32_iscsi((unsigned char*)b, r, 0);
    if (fs) {
      if (pwrite(s, b, r, off) != r) return 2;
      off = (off + r) % seg;
      fdatasync(s);
    }
    for (ssize_t o = 0; o < r; o += 1 << 17) {
      size_t n = std::min<ssize_t>(1 << 17, r - o);
      const char* p = b + o;
      if (lz) {
        n = LZ4_compress_default(p, z.data(), n, z.size());
        p = z.data();
      }
      size_t w = 0;
      while (w < n) {
        ssize_t m = send(k, p + w, n - w, 0);
        if (m <= 0) return 3;
        w += m;
      }
    }
  }
  double el = now() - t;
  rusage u;
  getrusage(RUSAGE_SELF, &u);
  double cpu = u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
  printf("ceiling %s: %.0f MB/s, %.2f CPU-s/GB, lines %zu crc %x\n", v[4], tot / el / 1e6, cpu / (tot / 1e9), lines, x);
}
