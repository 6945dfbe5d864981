#pragma once

#include <algorithm>
#include <random>
#include <vector>

#include "base/bytes.h"

namespace forebay::fuzz {

/// Changes inputs in the ways that break parsers: bits, bytes at the edges of ranges, pieces removed, doubled, and
/// taken from other inputs. The same seed makes the same changes everywhere.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : engine_(seed) {}

  Buffer mutate(Buffer input, const std::vector<Buffer>& others) {
    for (std::size_t steps = 1 + below(4); steps > 0; --steps) step(input, others);
    return input;
  }

 private:
  std::size_t below(std::size_t end) { return end == 0 ? 0 : static_cast<std::size_t>(engine_() % end); }

  void step(Buffer& input, const std::vector<Buffer>& others) {
    constexpr std::uint8_t kEdges[] = {0x00, 0x01, 0x7f, 0x80, 0xff, '\r', '\n', '"', '\\', '{', ' ', ':', 0x9f, 0xbf};
    const std::size_t kind = input.empty() ? 5 : below(7);
    const std::size_t at = below(input.size());
    const auto place = input.begin() + static_cast<std::ptrdiff_t>(at);
    const std::size_t size = 1 + below(std::min<std::size_t>(input.size() - at, 16));
    if (kind == 0) input[at] ^= static_cast<std::uint8_t>(1u << below(8));
    if (kind == 1) input[at] = kEdges[below(std::size(kEdges))];
    if (kind == 2) input[at] = static_cast<std::uint8_t>(engine_());
    if (kind == 3) input.erase(place, place + static_cast<std::ptrdiff_t>(std::min(size, input.size() - at)));
    if (kind == 4) input.resize(at);
    if (kind == 5) insert(input, at, others[below(others.size())]);
    if (kind == 6) insert(input, at, Buffer(input));
  }

  /// Puts a piece of `other` at a place.
  void insert(Buffer& input, std::size_t at, const Buffer& other) {
    const std::size_t from = below(other.size());
    const std::size_t size = std::min(1 + below(64), other.size() - from);
    const auto first = other.begin() + static_cast<std::ptrdiff_t>(from);
    input.insert(input.begin() + static_cast<std::ptrdiff_t>(at), first, first + static_cast<std::ptrdiff_t>(size));
  }

  std::mt19937_64 engine_;
};

}  // namespace forebay::fuzz
