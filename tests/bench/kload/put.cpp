#include "put.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>
#include <thread>

#include "put_thread.h"

namespace kload {
namespace {

using Seconds = std::chrono::duration<double>;

void write_manifest(const Options& o, std::uint32_t run, const std::vector<Producer>& producers) {
  std::ofstream file(o.manifest);
  file << "run " << std::hex << run << std::dec << " producers " << o.connections << "\n";
  for (const Producer& producer : producers)
    for (const Range& range : producer.acked()) file << producer.id() << " " << range.begin << " " << range.end << "\n";
}

struct Readings {
  double seconds = 0;
  ServerMeter before;
  ServerMeter after;
  double own_cpu_seconds = 0;
};

void print(const Options& o, const PutStats& s, const Readings& m) {
  const auto acked = static_cast<double>(s.acked);
  const double millions = acked / 1e6;
  const auto whole = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
  std::printf(
      "{\"label\":\"%s\",\"op\":\"put\",\"records_per_request\":%d,\"payload\":%d,\"conns\":%d,\"seconds\":%.2f,",
      o.label.c_str(), o.records, o.payload, o.connections, m.seconds);
  std::printf("\"requests\":%llu,\"acked\":%llu,\"failed\":%llu,\"http_errors\":%llu,\"broken\":%llu,",
              whole(s.requests), whole(s.acked), whole(s.failed), whole(s.http_errors), whole(s.broken));
  std::printf("\"records_per_s\":%.0f,\"mb_per_s\":%.2f,", acked / m.seconds, acked * o.payload / m.seconds / 1e6);
  std::printf("\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%.1f,", s.latency.ms(.5), s.latency.ms(.99),
              s.latency.ms(.999), s.latency.max_ms());
  std::printf("\"server_cpu_s_per_mrec\":%.2f,\"server_rss_mb\":%.1f,\"server_peak_mb\":%.1f,",
              (m.after.cpu_seconds - m.before.cpu_seconds) / millions, static_cast<double>(m.after.rss_kb) / 1024,
              static_cast<double>(m.after.peak_kb) / 1024);
  std::printf("\"write_bytes_per_payload_byte\":%.2f,\"client_cpu_s_per_mrec\":%.2f}\n",
              static_cast<double>(m.after.write_bytes - m.before.write_bytes) / (acked * o.payload),
              m.own_cpu_seconds / millions);
  if (!s.first_error.empty()) std::fprintf(stderr, "first error: %s\n", s.first_error.c_str());
}

}  // namespace

int run_put(const Options& o) {
  const std::uint32_t run = std::random_device{}();
  std::vector<Producer> producers;
  for (int i = 0; i < o.connections; ++i) producers.emplace_back(o, run, static_cast<unsigned>(i));
  PutProgress progress;
  progress.phase = o.warmup_seconds > 0 ? PutPhase::warm_up : PutPhase::measure;
  std::vector<PutStats> stats(static_cast<std::size_t>(o.threads));
  std::vector<std::thread> threads;
  for (int t = 0; t < o.threads; ++t) {
    std::vector<Producer*> mine;
    for (int i = t; i < o.connections; i += o.threads) mine.push_back(&producers[static_cast<std::size_t>(i)]);
    threads.emplace_back([&o, &progress, &result = stats[static_cast<std::size_t>(t)], mine = std::move(mine)] {
      PutThread(o, progress, mine, result).run();
    });
  }
  if (o.warmup_seconds > 0 && o.count == 0) std::this_thread::sleep_for(Seconds(o.warmup_seconds));
  progress.phase = PutPhase::measure;
  Readings readings;
  readings.before = read_servers(o.pids);
  const double own_before = own_cpu_seconds();
  const std::uint64_t begin = now_ns();
  if (o.count == 0) {
    std::this_thread::sleep_for(Seconds(o.seconds));
    progress.phase = PutPhase::stop;
  }
  for (std::thread& thread : threads) thread.join();
  readings.seconds = static_cast<double>(now_ns() - begin) / 1e9;
  readings.own_cpu_seconds = own_cpu_seconds() - own_before;
  readings.after = read_servers(o.pids);
  PutStats total;
  for (const PutStats& part : stats) total.merge(part);
  print(o, total, readings);
  if (!o.manifest.empty()) write_manifest(o, run, producers);
  return total.failed != 0 ? 1 : 0;
}

}  // namespace kload
