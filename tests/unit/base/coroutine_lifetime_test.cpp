// GCC 12 destroys some temporaries twice when they stand in an expression with co_await:
//   - a braced aggregate:            co_await f(Options{a, b})    or   co_await f({a, b})
//   - a lambda that captures:        co_await f([x = std::move(x)] { ... })
// and it does not compile an initializer list there:              std::vector<int> v{co_await a(), co_await b()}
// No warning tells. Rule of this tree: on a line with co_await stand only names and plain calls; name the aggregate or
// the lambda first. tests/tidy/coroutine_lines_test.cpp checks the lines; this file counts lives and deaths for every
// shape that the tree does use, so that a compiler that breaks one of them is noticed (also run under ASan).
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"

// GCC 12 warns wrongly when it inlines both ends of Asio's frame allocation into one function.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace forebay {
namespace {

/// Counts how many exist; a double destruction makes the number wrong without touching freed memory.
class Life {
 public:
  Life(int& alive, std::string text) : alive_(&alive), text_(std::move(text)) { ++*alive_; }
  Life(const Life& other) : alive_(other.alive_), text_(other.text_) { ++*alive_; }
  Life(Life&& other) noexcept : alive_(other.alive_), text_(std::move(other.text_)) { ++*alive_; }
  Life& operator=(const Life&) = default;
  Life& operator=(Life&&) = default;
  ~Life() { --*alive_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  int* alive_;
  std::string text_;
};

struct Pair {
  Life first;
  Life second;
};

const std::string kLong(100, 'x');  // beyond the small-string buffer, so that ASan sees a second free

Task<std::size_t> by_value(Life life) { co_return life.text().size(); }
Task<std::size_t> by_reference(const Life& life) { co_return life.text().size(); }
Task<std::size_t> pair_by_value(Pair pair) { co_return pair.first.text().size() + pair.second.text().size(); }
Task<std::size_t> string_by_value(std::string text) { co_return text.size(); }
Task<Pair> makes_pair(int& alive) { co_return Pair{Life(alive, kLong), Life(alive, kLong)}; }
Task<Result<Life>> makes_life(int& alive) { co_return Life(alive, kLong); }
template <class F>
Task<std::size_t> calls(F f) {
  co_return f();
}

Task<Result<std::size_t>> with_macros(int& alive) {
  FB_CO_TRY(const Life life, co_await makes_life(alive));
  co_return life.text().size();
}

Task<void> shapes(int& alive, std::size_t& sum) {
  Life named(alive, kLong);
  sum += co_await by_value(named);
  sum += co_await by_value(Life(alive, kLong));
  sum += co_await by_reference(Life(alive, kLong));
  sum += co_await string_by_value(std::string(100, 'y'));
  Pair pair(Life(alive, kLong), Life(alive, kLong));
  sum += co_await pair_by_value(pair);
  sum += co_await pair_by_value(std::move(pair));
  Pair returned = co_await makes_pair(alive);
  sum += returned.first.text().size();
  auto lambda = [life = Life(alive, kLong)] { return life.text().size(); };
  sum += co_await calls(std::move(lambda));
  auto awaitable = by_value(Life(alive, kLong));
  sum += co_await std::move(awaitable);
  auto result = co_await with_macros(alive);
  sum += *result;
  const std::size_t first = co_await by_value(named);
  const std::size_t second = sum > 0 ? co_await by_value(named) : 0;
  const std::vector<std::size_t> both = {first, second};
  sum += both[0] + both[1];
}

TEST(CoroutineLifetime, EveryShapeTheTreeUsesCreatesAndDestroysOnce) {
  int alive = 0;
  std::size_t sum = 0;
  boost::asio::io_context loop;
  boost::asio::co_spawn(loop, shapes(alive, sum), boost::asio::detached);
  loop.run();
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(sum, 1400u);
}

Task<void> abandoned(int& alive) {
  const Life life(alive, kLong);
  const std::size_t size = co_await by_value(life);
  (void)size;
}

TEST(CoroutineLifetime, ACoroutineThatNeverRunsLeavesNothingBehind) {
  int alive = 0;
  {
    boost::asio::io_context loop;
    boost::asio::co_spawn(loop, abandoned(alive), boost::asio::detached);
  }
  EXPECT_EQ(alive, 0);
}

}  // namespace
}  // namespace forebay
