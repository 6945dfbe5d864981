#include <malloc.h>

#include <cstdlib>
#include <exception>
#include <iostream>

#include "gateway/gateway_main.h"
#include "sys/descriptor_limit.h"

int main(int argc, char** argv) {
  // Few arenas, and buffers that stay warm instead of being mapped anew: before any thread.
  ::mallopt(M_ARENA_MAX, 4);
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 16 << 20);
  (void)forebay::raise_descriptor_limit();
  try {
    return forebay::gateway::gateway_main(argc, argv);
  } catch (const std::exception& fault) {
    std::cerr << "forebay-gateway: internal error: " << fault.what() << "\n";
    return 70;
  }
}
