#include "manifest.h"

#include <fstream>

namespace kload {

void Manifest::load(const std::string& path) {
  std::ifstream file(path);
  std::string word;
  std::size_t producers = 0;
  if (!(file >> word >> std::hex >> run_ >> std::dec >> word >> producers)) die("cannot read " + path);
  acked_.resize(producers);
  std::size_t producer = 0;
  for (Range range; file >> producer >> range.begin >> range.end;) {
    if (producer >= producers) die(path + " names a producer it does not have");
    acked_[producer].push_back(range);
  }
  for (const auto& ranges : acked_) seen_.emplace_back(ranges.empty() ? 0 : ranges.back().end);
}

std::uint64_t Manifest::expected() const {
  std::uint64_t count = 0;
  for (const auto& ranges : acked_)
    for (const Range& range : ranges) count += range.end - range.begin;
  return count;
}

std::uint64_t Manifest::missing() const {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < acked_.size(); ++i)
    for (const Range& range : acked_[i])
      for (std::uint64_t sequence = range.begin; sequence < range.end; ++sequence)
        count += seen_[i][sequence].load(std::memory_order_relaxed) == 0 ? 1 : 0;
  return count;
}

}  // namespace kload
