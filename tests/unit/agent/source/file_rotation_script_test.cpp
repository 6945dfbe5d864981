// Seeded scripts of writes, rotations, agent stops and crashes on a real folder. Oracle: every line once, in order.
#include <filesystem>
#include <iostream>
#include <random>

#include "tests/unit/agent/source/follow_rig.h"

namespace forebay::agent {
namespace {

namespace fs = std::filesystem;

enum class Naming { numbered, dated, numbered_before_extension };

class Script {
 public:
  explicit Script(std::uint64_t seed)
      : random_(seed), naming_(static_cast<Naming>(seed % 3)), writer_(rig_.folder.file("app.log")) {
    if (chance(30)) rig_.options.paths = {rig_.folder.file("app*")};
    if (chance(30)) rig_.options.handles_max = 1;
    if (chance(30)) rig_.options.reader.block_bytes = 4096;
    rig_.options.reader.lines.line_bytes_max = 32768;
    rig_.start();
    rig_.step(1);  // its being followed is durable: what was rotated before that is not read
  }

  void run(int steps) {
    for (int i = 0; i < steps && !::testing::Test::HasFatalFailure(); ++i) step();
    writer_.finish_line();
    if (!rig_.running()) rig_.start();
    rig_.drain();
  }
  void check() {
    const std::vector<std::string> got = rig_.lines();
    const std::vector<std::string>& want = writer_.all();
    for (std::size_t i = 0; i < std::min(got.size(), want.size()); ++i)
      ASSERT_EQ(got[i].substr(0, 40), want[i].substr(0, 40))
          << "line " << i << " of " << want.size() << ", got " << got.size();
    ASSERT_EQ(got.size(), want.size());
    ASSERT_EQ(got, want);
  }
  int rotations = 0;

 private:
  bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }
  int pick(int from, int to) { return from + static_cast<int>(random_() % static_cast<unsigned>(to - from + 1)); }

  void step() {
    switch (pick(0, 11)) {
      case 0: case 1: case 2: writer_.lines(pick(1, 50), static_cast<std::size_t>(pick(0, 200))); break;
      case 3: writer_.lines(pick(1, 3), static_cast<std::size_t>(pick(1000, 20000))); break;
      case 4: writer_.half_line(); break;
      case 5: rotate(); break;
      case 6: for (int n = pick(1, 5); n > 0; --n) rotate(); break;
      case 7: case 8: if (rig_.running()) rig_.step(static_cast<std::size_t>(pick(1, 5))); break;
      case 9: if (rig_.running()) rig_.step(1000); break;
      case 10:
        if (rig_.running())
          rig_.crash(
              std::max<std::size_t>(1, rig_.handed_over() - std::min<std::size_t>(rig_.handed_over(), pick(0, 4))));
        break;
      default: if (!rig_.running()) rig_.start(); break;
    }
  }

  std::string rotated(int number) {
    const std::string folder = rig_.folder.path() + "/";
    if (naming_ == Naming::numbered_before_extension) return folder + "app." + std::to_string(number) + ".log";
    return folder + "app.log." + std::to_string(number);
  }
  std::string free_name() {
    if (naming_ == Naming::dated) return rig_.folder.path() + "/app.log-20260102" + std::to_string(1000 + rotations);
    for (int n = 60; n > 0; --n)
      if (fs::exists(rotated(n))) fs::rename(rotated(n), rotated(n + 1));
    return rotated(1);
  }
  void rotate() {
    ++rotations;
    const std::string live = rig_.folder.file("app.log");
    const std::string to = free_name();
    if (chance(50)) {
      fs::rename(live, to);
      if (chance(30)) writer_.lines(pick(1, 5), 10);  // the program has not noticed yet
      if (chance(30) && rig_.running()) rig_.step(static_cast<std::size_t>(pick(1, 3)));
      writer_.reopen();
    } else {
      writer_.finish_line();
      fs::copy_file(live, to);
      if (chance(30) && rig_.running()) rig_.step(static_cast<std::size_t>(pick(1, 3)));
      writer_.truncate();
      if (chance(30)) writer_.lines(pick(1, 400), static_cast<std::size_t>(pick(0, 300)));  // refilled within one poll
    }
    if (chance(50)) writer_.lines(pick(1, 10), 30);
  }

  std::mt19937_64 random_;
  Naming naming_;
  FollowRig rig_;
  LineWriter writer_;
};

TEST(FileFollower, DeliversEveryLineOnceInOrderThroughRandomRotationsStopsAndCrashes) {
  const char* fixed = std::getenv("FOREBAY_SEED");
  const std::uint64_t first = fixed != nullptr ? std::stoull(fixed) : 1;
  const std::uint64_t last = fixed != nullptr ? first : 150;
  int rotations = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("FOREBAY_SEED=" + std::to_string(seed));
    Script script(seed);
    ASSERT_NO_FATAL_FAILURE(script.run(60));
    ASSERT_NO_FATAL_FAILURE(script.check());
    rotations += script.rotations;
  }
  std::cout << "seeds " << first << " to " << last << ", rotations " << rotations << "\n";
  if (fixed == nullptr) {
    EXPECT_GE(rotations, 1'000);
  }
}

}  // namespace
}  // namespace forebay::agent
