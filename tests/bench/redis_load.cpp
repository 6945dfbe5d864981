// redis_load PORT CONNECTIONS RECORDS_IN_FLIGHT SECONDS PAYLOAD_BYTES STREAMS: XADD of records into Redis streams, one
// thread per connection, every answer awaited; prints the rate and the latencies of one round of records.
#include <hiredis/hiredis.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Millis = std::chrono::duration<double, std::milli>;

struct Options {
  int port = 0;
  int connections = 0;
  int in_flight = 0;
  double seconds = 0;
  std::size_t payload = 0;
  long streams = 0;
};

struct Tally {
  long records = 0;
  long errors = 0;
  std::vector<double> latencies_ms;
};

bool await_answer(redisContext* connection, Tally& tally) {
  void* answer = nullptr;
  if (redisGetReply(connection, &answer) != REDIS_OK) return false;
  if (static_cast<redisReply*>(answer)->type == REDIS_REPLY_ERROR) ++tally.errors;
  freeReplyObject(answer);
  return true;
}

void add_records(const Options& options, long number, const std::atomic<bool>& stop, Tally& tally) {
  redisContext* connection = redisConnect("127.0.0.1", options.port);
  if (connection == nullptr || connection->err != 0) {
    std::fprintf(stderr, "redis_load: no connection to port %d\n", options.port);
    std::exit(2);
  }
  const std::string payload(options.payload, 'x');
  while (!stop) {
    const auto begin = Clock::now();
    for (int i = 0; i < options.in_flight; ++i, ++tally.records)
      redisAppendCommand(connection, "XADD s%ld * d %b", (number * 31 + tally.records) % options.streams,
                         payload.data(), payload.size());
    for (int i = 0; i < options.in_flight; ++i)
      if (!await_answer(connection, tally)) {
        ++tally.errors;
        return;
      }
    tally.latencies_ms.push_back(Millis(Clock::now() - begin).count());
  }
  redisFree(connection);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr, "usage: redis_load PORT CONNECTIONS RECORDS_IN_FLIGHT SECONDS PAYLOAD_BYTES STREAMS\n");
    return 2;
  }
  const Options options{std::atoi(argv[1]),
                        std::atoi(argv[2]),
                        std::atoi(argv[3]),
                        std::atof(argv[4]),
                        static_cast<std::size_t>(std::atol(argv[5])),
                        std::atol(argv[6])};
  std::atomic<bool> stop{false};
  std::vector<Tally> tallies(static_cast<std::size_t>(options.connections));
  std::vector<std::thread> threads;
  const auto begin = Clock::now();
  for (long i = 0; i < options.connections; ++i)
    threads.emplace_back([&, i] { add_records(options, i, stop, tallies[static_cast<std::size_t>(i)]); });
  std::this_thread::sleep_for(std::chrono::duration<double>(options.seconds));
  stop = true;
  for (std::thread& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  Tally total;
  for (const Tally& tally : tallies) {
    total.records += tally.records;
    total.errors += tally.errors;
    total.latencies_ms.insert(total.latencies_ms.end(), tally.latencies_ms.begin(), tally.latencies_ms.end());
  }
  std::sort(total.latencies_ms.begin(), total.latencies_ms.end());
  const auto quantile = [&](double q) {
    return total.latencies_ms[static_cast<std::size_t>(q * static_cast<double>(total.latencies_ms.size() - 1))];
  };
  if (total.latencies_ms.empty()) return 1;
  std::printf("redis: %.0f/s errors=%ld p50=%.3f ms p99=%.3f ms\n", static_cast<double>(total.records) / seconds,
              total.errors, quantile(.5), quantile(.99));
  return total.errors == 0 ? 0 : 1;
}
