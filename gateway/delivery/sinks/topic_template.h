#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace forebay::gateway::delivery {

/// An MQTT topic with {key} and {shard} in it. Bytes of a key that mean something in a topic ('/', '+', '#', '%',
/// control characters, a '$' at the beginning, what is no UTF-8) come out percent-encoded, so that a key is always
/// exactly one level or a part of one, and no two keys share a topic. An empty key, which aggregates may hold, is "%".
class TopicTemplate {
 public:
  /// Errors  invalid_argument: empty, too long, a wildcard, an unknown {name}.
  static Result<TopicTemplate> compile(std::string_view text);

  [[nodiscard]] std::string expand(std::string_view key, std::string_view shard_id) const;

 private:
  struct Part {
    enum class Kind : std::uint8_t { text, key, shard } kind = Kind::text;
    std::string text;
  };
  std::vector<Part> parts_;
};

}  // namespace forebay::gateway::delivery
