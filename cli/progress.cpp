#include "cli/progress.h"

#include <algorithm>

#include "cli/text.h"

namespace forebay::cli {
namespace {

constexpr std::chrono::seconds kQuiet{2};
constexpr Milliseconds kRedraw{100};
constexpr std::uint64_t kBarWidth = 30;

}  // namespace

std::string Progress::line(std::uint64_t done, std::uint64_t total) const {
  const auto elapsed = std::chrono::duration_cast<Milliseconds>(clock_.steady_now() - start_).count();
  const std::uint64_t fresh = done > before_ ? done - before_ : 0;
  const std::uint64_t rate = elapsed > 0 ? fresh * 1000 / static_cast<std::uint64_t>(elapsed) : 0;
  std::string out = what_ + " ";
  if (total > 0) {
    const std::uint64_t shown = std::min(done, total);
    const std::uint64_t filled = shown * kBarWidth / total;
    out += "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "] " +
           std::to_string(shown * 100 / total) + "% ";
  }
  return out + with_commas(done) + (total > 0 ? " of " + with_commas(total) : "") + ", " + with_commas(rate) + "/s";
}

void Progress::update(std::uint64_t done, std::uint64_t total) {
  const SteadyTime now = clock_.steady_now();
  if (!console_.err_is_terminal() || now - start_ < kQuiet || (visible_ && now - drawn_ < kRedraw)) return;
  visible_ = true;
  drawn_ = now;
  console_.err("\r\x1b[K" + line(done, total));
}

void Progress::finish() {
  if (visible_) console_.err("\r\x1b[K");
  visible_ = false;
}

}  // namespace forebay::cli
