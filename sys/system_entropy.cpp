#include "sys/system_entropy.h"

#include <sys/random.h>

#include <cerrno>

#include "base/assert.h"

namespace forebay {

void SystemEntropy::fill(MutableBytes out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    // With no flags and a valid buffer only an interruption is possible.
    FB_ASSERT(got > 0 || errno == EINTR);
    if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace forebay
