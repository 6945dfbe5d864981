#pragma once

#include <cstddef>

namespace forebay {

/// Raises this process's soft limit of open descriptors to the hard one. Result  how many it may have now.
/// Source  getrlimit(2).
std::size_t raise_descriptor_limit();

/// Of so many descriptors, those for connections: the rest, an eighth and at least 256 (of few: half), stays for files,
/// databases and what the process itself connects to.
std::size_t descriptors_for_connections(std::size_t descriptors);

}  // namespace forebay
