#pragma once

#include <string>

#include "base/entropy.h"

namespace forebay::gateway::http {

/// Makes the two ids of every answer. They only have to differ, so they come from a small generator seeded once.
/// Threads  one event loop.
class RequestIds {
 public:
  explicit RequestIds(Entropy& entropy) : state_{entropy.next_u64(), entropy.next_u64() | 1} {}

  /// Appends a random (version 4) UUID.
  void append_uuid(std::string& out);
  /// Appends the base64 form of 72 bytes.
  void append_extended_id(std::string& out);

 private:
  std::uint64_t next();
  std::uint64_t state_[2];
};

}  // namespace forebay::gateway::http
