#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "gateway/delivery/record.h"

namespace forebay::gateway::delivery {

/// What makes one object of a cut this one: everything random-looking in its name comes from here, so a retry after a
/// crash makes the same name (reliability D2).
class ObjectIdentity {
 public:
  /// `partition` tells apart the objects of one cut: a partition, or an error type. `making` says what turns records
  /// into bytes, with versions: other bytes get another name (docs/decisions/0031-objects-are-made-again.md).
  ObjectIdentity(const Cut& cut, std::string_view partition, std::string_view making);

  /// In the form of a UUID: 8-4-4-4-12, version 8 (made from a digest in a way of its own).
  [[nodiscard]] std::string uuid() const;
  /// Eleven letters and digits; another text for each occurrence.
  [[nodiscard]] std::string random_string(std::size_t occurrence) const;

 private:
  Sha256 digest_{};
};

}  // namespace forebay::gateway::delivery
