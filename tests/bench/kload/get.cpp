#include "get.h"

#include <cstdio>
#include <thread>

#include "json_text.h"
#include "manifest.h"
#include "shard_replay.h"

namespace kload {
namespace {

std::vector<std::string> list_shards(const Options& o) {
  Signer signer(o);
  Connection connection(o);
  Response response;
  signer.build("ListShards", "{\"StreamName\":\"" + o.stream + "\"}", connection.out);
  connection.call(response);
  std::vector<std::string> shards;
  for (std::size_t at = 0; (at = response.body.find("\"ShardId\":\"", at)) != std::string::npos; at += 11)
    shards.push_back(text_member(response.body, "ShardId", at));
  if (shards.empty()) die("no shards: " + response.body.substr(0, 300));
  return shards;
}

void print(const Options& o, std::size_t shards, const ReplayStats& s, const Manifest& manifest, double seconds,
           const ServerMeter& before, const ServerMeter& after, double own_cpu) {
  const auto records = static_cast<double>(s.records);
  const auto whole = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
  std::printf("{\"label\":\"%s\",\"op\":\"get\",\"shards\":%zu,\"seconds\":%.2f,\"requests\":%llu,\"errors\":%llu,",
              o.label.c_str(), shards, seconds, whole(s.requests), whole(s.errors));
  std::printf("\"records\":%llu,\"records_per_s\":%.0f,\"mb_per_s\":%.2f,", whole(s.records), records / seconds,
              static_cast<double>(s.bytes) / seconds / 1e6);
  std::printf("\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,", s.latency.ms(.5), s.latency.ms(.99),
              s.latency.ms(.999));
  std::printf("\"server_cpu_s_per_mrec\":%.2f,\"server_rss_mb\":%.1f,\"client_cpu_s_per_mrec\":%.2f,",
              (after.cpu_seconds - before.cpu_seconds) / (records / 1e6), static_cast<double>(after.rss_kb) / 1024,
              own_cpu / (records / 1e6));
  std::printf("\"acked\":%llu,\"missing\":%llu,\"duplicates\":%llu,\"inversions\":%llu,\"foreign\":%llu}\n",
              whole(manifest.expected()), whole(manifest.missing()), whole(s.duplicates), whole(s.inversions),
              whole(s.foreign));
}

}  // namespace

int run_get(const Options& o) {
  Manifest manifest;
  if (!o.manifest.empty()) manifest.load(o.manifest);
  const std::vector<std::string> shards = list_shards(o);
  std::vector<ReplayStats> stats(shards.size());
  const ServerMeter before = read_servers(o.pids);
  const double own_before = own_cpu_seconds();
  const std::uint64_t begin = now_ns();
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < shards.size(); ++i)
    threads.emplace_back([&, i] { ShardReplay(o, shards[i], manifest, stats[i]).run(); });
  for (std::thread& thread : threads) thread.join();
  const double seconds = static_cast<double>(now_ns() - begin) / 1e9;
  const double own_cpu = own_cpu_seconds() - own_before;
  ReplayStats total;
  for (const ReplayStats& part : stats) total.merge(part);
  print(o, shards.size(), total, manifest, seconds, before, read_servers(o.pids), own_cpu);
  return manifest.missing() != 0 || total.inversions != 0 ? 1 : 0;
}

}  // namespace kload
