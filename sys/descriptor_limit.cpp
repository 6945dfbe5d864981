#include "sys/descriptor_limit.h"

#include <sys/resource.h>

#include <algorithm>
#include <limits>

namespace forebay {

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::numeric_limits<std::size_t>::max();
  if (limit.rlim_cur < limit.rlim_max) {
    const rlimit raised{limit.rlim_max, limit.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  return static_cast<std::size_t>(limit.rlim_cur);
}

std::size_t descriptors_for_connections(std::size_t descriptors) {
  const std::size_t reserve = std::max<std::size_t>(descriptors / 8, 256);
  return descriptors - std::min(reserve, descriptors / 2);
}

}  // namespace forebay
