#include "shard_replay.h"

#include <chrono>
#include <cstdlib>
#include <thread>

#include "base64.h"
#include "json_text.h"
#include "record.h"

namespace kload {
namespace {
constexpr int kErrorsMax = 1000;
constexpr std::string_view kDataMember = "\"Data\":\"";
constexpr std::string_view kBehindMember = "\"MillisBehindLatest\":";

bool is_at_tip(const std::string& body) {
  const std::size_t at = body.find(kBehindMember);
  return at == std::string::npos || std::atoll(body.c_str() + at + kBehindMember.size()) == 0;
}
}  // namespace

void ReplayStats::merge(const ReplayStats& other) {
  latency.merge(other.latency);
  records += other.records;
  bytes += other.bytes;
  requests += other.requests;
  errors += other.errors;
  foreign += other.foreign;
  inversions += other.inversions;
  duplicates += other.duplicates;
}

ShardReplay::ShardReplay(const Options& options, std::string shard, Manifest& manifest, ReplayStats& stats)
    : options_(options),
      shard_(std::move(shard)),
      manifest_(manifest),
      stats_(stats),
      signer_(options),
      connection_(options),
      last_(manifest.producers()),
      decoded_(2 << 20) {}

std::string ShardReplay::first_iterator() {
  signer_.build("GetShardIterator",
                "{\"StreamName\":\"" + options_.stream + "\",\"ShardId\":\"" + shard_ +
                    "\",\"ShardIteratorType\":\"TRIM_HORIZON\"}",
                connection_.out);
  connection_.call(response_);
  const std::string iterator = text_member(response_.body, "ShardIterator");
  if (iterator.empty()) die("no iterator: " + response_.body.substr(0, 300));
  return iterator;
}

bool ShardReplay::read(const std::string& iterator) {
  signer_.build("GetRecords",
                "{\"ShardIterator\":\"" + iterator + "\",\"Limit\":" + std::to_string(options_.limit) + "}",
                connection_.out);
  const std::uint64_t begin = now_ns();
  connection_.call(response_);
  stats_.latency.add(now_ns() - begin);
  ++stats_.requests;
  if (response_.status == 200) return true;
  ++stats_.errors;
  if (++errors_ > kErrorsMax) die("too many errors: " + response_.body.substr(0, 300));
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return false;
}

void ShardReplay::check(std::string_view record) {
  const auto identity = identity_of(record);
  if (!identity || identity->run != manifest_.run() || identity->producer >= manifest_.producers()) {
    ++stats_.foreign;
    return;
  }
  std::uint64_t& last = last_[identity->producer];
  if (identity->sequence < last) ++stats_.inversions;
  last = identity->sequence + 1;
  if (manifest_.see(identity->producer, identity->sequence)) ++stats_.duplicates;
}

std::uint64_t ShardReplay::take_records(std::string_view body) {
  std::uint64_t count = 0;
  for (std::size_t at = 0; (at = body.find(kDataMember, at)) != std::string_view::npos; ++count) {
    at += kDataMember.size();
    const std::size_t size = body.find('"', at) - at;
    if (decoded_.size() < size) decoded_.resize(size);
    const std::size_t bytes = decode_base64(body.substr(at, size), decoded_.data());
    at += size;
    stats_.bytes += bytes;
    if (manifest_.loaded()) check({decoded_.data(), bytes});
  }
  stats_.records += count;
  return count;
}

void ShardReplay::run() {
  std::string iterator = first_iterator();
  for (int at_tip = 0; !iterator.empty() && at_tip < 2;) {
    if (!read(iterator)) continue;
    const std::uint64_t count = take_records(response_.body);
    if (count > 0)
      at_tip = 0;
    else if (is_at_tip(response_.body))
      ++at_tip;
    iterator = text_member(response_.body, "NextShardIterator");
  }
}

}  // namespace kload
