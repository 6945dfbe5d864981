#include <cstdlib>
#include <exception>
#include <iostream>

#include <malloc.h>
#include <sys/resource.h>

#include "gateway/gateway_main.h"

namespace {

/// As many connections as the system lets us have.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  // Few arenas, and buffers that stay warm instead of being mapped anew: before any thread.
  ::mallopt(M_ARENA_MAX, 4);
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 16 << 20);
  raise_descriptor_limit();
  try {
    return forebay::gateway::gateway_main(argc, argv);
  } catch (const std::exception& fault) {
    std::cerr << "forebay-gateway: internal error: " << fault.what() << "\n";
    return 70;
  }
}
