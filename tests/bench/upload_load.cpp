// upload_load: load generator for the native upload protocol. Several lineages (as many devices) upload 100-byte
// telemetry records in sealed, lz4-compressed batches grouped by shard, exactly as forebay-agent does, one request in
// flight per lineage; every acknowledgement means that the gateway's fdatasync returned.
//
//   upload_load --url http://127.0.0.1:4567 --key-file DATA/admin.key --stream s --lineages 16 --seconds 10
//
// Prints one JSON line: acknowledged records and records per second. Each record carries its lineage, key and a number
// that counts per lineage and key, so that a reader can prove that nothing is missing, repeated or reordered:
// `--expect FILE` writes "lineage key count" lines for read_back.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "base/crc32c.h"
#include "base/hash_key.h"
#include "sys/curl_http_client.h"
#include "sys/system_clock.h"
#include "sys/system_entropy.h"
#include "tests/bench/key_file.h"
#include "wire/aws/sigv4.h"
#include "wire/kafka/record_batch.h"
#include "wire/upload/messages.h"

namespace {

using namespace forebay;
using SteadyClock = std::chrono::steady_clock;

struct Options {
  std::string url = "http://127.0.0.1:4567";
  std::string key_file;
  std::string stream = "bench";
  std::string expect;
  unsigned lineages = 16;
  unsigned keys = 1000;
  unsigned batch_records = 8000;
  double seconds = 10;
};

[[noreturn]] void die(const std::string& sentence) {
  std::fprintf(stderr, "upload_load: %s\n", sentence.c_str());
  std::exit(2);
}

Options parse(int argc, char** argv) {
  Options o;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--url") o.url = value;
    else if (name == "--key-file") o.key_file = value;
    else if (name == "--stream") o.stream = value;
    else if (name == "--expect") o.expect = value;
    else if (name == "--lineages") o.lineages = std::stoul(value);
    else if (name == "--keys") o.keys = std::stoul(value);
    else if (name == "--batch-records") o.batch_records = std::stoul(value);
    else if (name == "--seconds") o.seconds = std::stod(value);
    else die("unknown option " + name);
  }
  if (o.url.find("//127.") == std::string::npos) die("only loopback addresses (127.x.x.x) are allowed");
  return o;
}

/// One device: builds, sends and checks its batches.
class Device {
 public:
  Device(const Options& options, const wire::aws::Credentials& credentials, unsigned number)
      : options_(options), credentials_(credentials), number_(number), client_(CurlHttpClientOptions()) {
    entropy_.fill(lineage_.root);
    lineage_.ordinal = 1;
    lineage_.nonce = entropy_.next_u64();
    counts_.resize(options.keys);
    for (unsigned k = 0; k < options.keys; ++k) {
      char key[40];
      std::snprintf(key, sizeof key, "dev-%03u-%06u", number, k);
      keys_.emplace_back(key);
    }
  }

  void open() {
    wire::upload::OpenRequest request;
    request.device = "bench-" + std::to_string(number_);
    request.agent_version = "bench";
    request.lineages = {lineage_};
    request.lanes = {{0, options_.stream, 0, 1, options_.batch_records, 0}};
    Buffer body;
    encode(request, body);
    const HttpResponse response = post("/upload/v1/open", body);
    auto reply = wire::upload::decode_open_reply(response.body);
    if (!reply) die("open: " + reply.error().to_string());
    if (reply->lanes.at(0).state != wire::upload::OpenState::ready) die("open refused: " + reply->lanes[0].message);
    timeline_ = reply->timeline;
    map_ = reply->maps.at(0);
    for (const std::string& key : keys_) {
      const HashKey hash = hash_key_of(key);
      unsigned part = 0;
      while (!map_.ranges[part].contains(hash)) ++part;
      part_of_key_.push_back(part);
    }
    builders_.resize(map_.ranges.size());
  }

  void run(const std::atomic<bool>& stop, std::atomic<std::uint64_t>& acknowledged) {
    while (!stop.load(std::memory_order_relaxed)) {
      send_batch();
      acknowledged.fetch_add(options_.batch_records, std::memory_order_relaxed);
    }
  }

  void write_expectation(std::ofstream& out) const {
    for (unsigned k = 0; k < options_.keys; ++k) out << keys_[k] << ' ' << counts_[k] << '\n';
  }

 private:
  void send_batch() {
    const std::int64_t now_ms = to_millis(clock_.wall_now());
    std::uint32_t crc = 0;
    for (unsigned i = 0; i < options_.batch_records; ++i) {
      const unsigned k = next_key_++ % options_.keys;
      char data[160];
      const unsigned noise = (random_ = random_ * 1664525u + 1013904223u) >> 8;
      const int size = std::snprintf(
          data, sizeof data, R"({"device":"%s","n":"%010llu","temperature":%u.%02u,"humidity":%u,"state":"running"})",
          keys_[k].c_str(), static_cast<unsigned long long>(counts_[k]++), 18 + noise % 10, noise / 10 % 100,
          40 + noise / 1000 % 20);
      const ByteView view = as_bytes(std::string_view(data, static_cast<std::size_t>(size)));
      crc = crc32c(view, crc);
      builders_[part_of_key_[k]].add(keys_[k], view, now_ms);
    }
    wire::upload::BatchesRequest request;
    request.device = "bench-" + std::to_string(number_);
    request.timeline = timeline_;
    wire::upload::UploadBatch batch;
    batch.lineage = lineage_;
    batch.stream = options_.stream;
    batch.incarnation = map_.incarnation;
    batch.first = next_sequence_;
    batch.count = options_.batch_records;
    batch.records_crc = crc;
    batch.map_version = map_.map_version;
    std::vector<std::pair<std::size_t, std::size_t>> places;
    parts_.clear();
    for (auto& builder : builders_) {
      if (builder.empty()) continue;
      const std::size_t begin = parts_.size();
      builder.finish(wire::kafka::Codec::lz4, parts_);
      places.emplace_back(begin, parts_.size() - begin);
    }
    for (const auto& [begin, size] : places) batch.parts.push_back(ByteView(parts_).subspan(begin, size));
    request.batches.push_back(std::move(batch));
    body_.clear();
    encode(request, body_);
    const HttpResponse response = post("/upload/v1/batches", body_);
    auto reply = wire::upload::decode_batches_reply(response.body);
    if (!reply) die("batches: " + reply.error().to_string());
    if (reply->lanes.at(0).outcome != wire::upload::LaneOutcome::committed)
      die("batch not committed: outcome " + std::to_string(static_cast<int>(reply->lanes[0].outcome)) + " " +
          reply->lanes[0].message);
    next_sequence_ += options_.batch_records;
  }

  HttpResponse post(const std::string& path, const Buffer& body) {
    HttpRequest request;
    request.url = options_.url + path;
    request.headers.emplace_back("content-type", std::string(wire::upload::kContentType));
    request.body = body;
    wire::aws::sign(request, credentials_, "us-east-1", wire::upload::kServiceName, clock_.wall_now());
    auto response = client_.perform(request);
    if (!response) die(path + ": " + response.error().to_string());
    if (response->status != 200)
      die(path + ": status " + std::to_string(response->status) + " " + std::string(as_text(response->body)));
    return *std::move(response);
  }

  const Options& options_;
  const wire::aws::Credentials& credentials_;
  unsigned number_;
  SystemClock clock_;
  SystemEntropy entropy_;
  CurlHttpClient client_;
  Lineage lineage_;
  std::vector<std::string> keys_;
  std::vector<unsigned> part_of_key_;
  std::vector<std::uint64_t> counts_;
  wire::upload::StreamMap map_;
  std::vector<wire::kafka::RecordBatchBuilder> builders_;
  Buffer parts_;
  Buffer body_;
  std::uint64_t timeline_ = 0;
  std::uint64_t next_sequence_ = 1;
  std::uint64_t next_key_ = 0;
  std::uint32_t random_ = 12345;
};

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  const wire::aws::Credentials credentials = keys_of(options.key_file);
  std::vector<std::unique_ptr<Device>> devices;
  for (unsigned i = 0; i < options.lineages; ++i) {
    devices.push_back(std::make_unique<Device>(options, credentials, i));
    devices.back()->open();
  }
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> acknowledged{0};
  std::vector<std::thread> threads;
  const auto begin = SteadyClock::now();
  for (auto& device : devices)
    threads.emplace_back([&stop, &acknowledged, &device] { device->run(stop, acknowledged); });
  std::this_thread::sleep_for(std::chrono::duration<double>(options.seconds));
  stop = true;
  for (auto& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
  if (!options.expect.empty()) {
    std::ofstream out(options.expect);
    for (const auto& device : devices) device->write_expectation(out);
  }
  std::printf("{\"records\":%llu,\"seconds\":%.3f,\"records_per_second\":%.0f}\n",
              static_cast<unsigned long long>(acknowledged.load()), seconds,
              static_cast<double>(acknowledged) / seconds);
}
