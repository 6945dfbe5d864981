#include "gateway/stream/on_demand_rate.h"

#include <algorithm>

namespace forebay::gateway::stream {
namespace {

std::uint64_t per_second(std::uint64_t now, std::uint64_t before, std::chrono::nanoseconds took) {
  if (now <= before) return 0;
  const auto millis = std::max<std::int64_t>(1, std::chrono::duration_cast<Milliseconds>(took).count());
  return (now - before) * 1'000 / static_cast<std::uint64_t>(millis);
}

std::string described(std::uint64_t records, std::uint64_t bytes) {
  return std::to_string(records) + " records/s and " + std::to_string(bytes) + " bytes/s";
}

}  // namespace

std::optional<OnDemandDecision> OnDemandRate::observe(SteadyTime now, std::uint64_t records, std::uint64_t bytes,
                                                      std::uint32_t open_shards) {
  if (!started_) {
    started_ = true;
    since_ = last_at_ = now;
    last_records_ = records;
    last_bytes_ = bytes;
    return {};
  }
  if (now - last_at_ < options_->interval) return {};
  const Rate rate{now, per_second(records, last_records_, now - last_at_),
                  per_second(bytes, last_bytes_, now - last_at_)};
  last_at_ = now;
  last_records_ = records;
  last_bytes_ = bytes;
  rates_.push_back(rate);
  while (now - rates_.front().at > options_->calm) rates_.pop_front();
  return decide(rate, open_shards);
}

bool OnDemandRate::is_too_much(const Rate& rate, std::uint32_t shards) const {
  return rate.records * 2 > options_->shard_records * shards || rate.bytes * 2 > options_->shard_bytes * shards;
}

OnDemandRate::Rate OnDemandRate::peak() const {
  Rate peak;
  for (const Rate& rate : rates_) {
    peak.records = std::max(peak.records, rate.records);
    peak.bytes = std::max(peak.bytes, rate.bytes);
  }
  return peak;
}

std::optional<OnDemandDecision> OnDemandRate::decide(const Rate& rate, std::uint32_t open_shards) const {
  if (is_too_much(rate, open_shards)) {
    const std::uint32_t wanted = std::min(options_->shards_max, open_shards * 2);
    if (wanted <= open_shards) return {};
    return OnDemandDecision{wanted, described(rate.records, rate.bytes) + " are more than half of what " +
                                        std::to_string(open_shards) + " shards stand for"};
  }
  const std::uint32_t fewer = std::max(options_->shards_min, (open_shards + 1) / 2);
  // A quarter: with half the shards the load still has to lie below the mark that doubles them.
  Rate doubled = peak();
  doubled.records *= 2;
  doubled.bytes *= 2;
  if (fewer >= open_shards || rate.at - since_ < options_->calm || is_too_much(doubled, fewer)) return {};
  return OnDemandDecision{fewer,
                          "at most " + described(doubled.records / 2, doubled.bytes / 2) + " in the last " +
                              std::to_string(std::chrono::duration_cast<std::chrono::minutes>(options_->calm).count()) +
                              " minutes need fewer than " + std::to_string(open_shards) + " shards"};
}

}  // namespace forebay::gateway::stream
