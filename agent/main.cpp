#include <csignal>
#include <cstdlib>
#include <iostream>

#include <malloc.h>

#include "agent/agent_main.h"

int main(int argc, char** argv) {
  // Few arenas and no mapping per buffer: memory stays small and buffers stay warm. Before any thread.
  ::mallopt(M_ARENA_MAX, 2);
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 16 << 20);
  // A reader of our output or a peer that goes away is an error of that write, not an end.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return forebay::agent::agent_main(argc, argv);
  } catch (const std::exception& e) {
    std::cerr << "forebay-agent: internal error: " << e.what() << "\n";
    return 70;
  }
}
