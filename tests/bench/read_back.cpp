// read_back: reads a whole stream by GetRecords from TRIM_HORIZON, one thread per shard, and holds every record of
// upload_load against its expectation: per key the numbers run 0, 1, 2 ... without a hole, a repetition or an
// inversion.
//
//   read_back --url http://127.0.0.1:4567 --key-file DATA/admin.key --stream s --expect FILE
//
// Prints one JSON line; exit status 1 when a record is lost, repeated or out of order.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/base64.h"
#include "sys/curl_http_client.h"
#include "sys/system_clock.h"
#include "tests/bench/key_file.h"
#include "wire/aws/sigv4.h"

namespace {

using namespace forebay;

[[noreturn]] void die(const std::string& sentence) {
  std::fprintf(stderr, "read_back: %s\n", sentence.c_str());
  std::exit(2);
}

struct Options {
  std::string url, key_file, stream, expect;
};

class Client {
 public:
  Client(const Options& options, const wire::aws::Credentials& credentials)
      : options_(options), credentials_(credentials), client_(CurlHttpClientOptions()) {}

  std::string call(const std::string& operation, const nlohmann::json& body) {
    const std::string text = body.dump();
    HttpRequest request;
    request.url = options_.url + "/";
    request.headers = {{"content-type", "application/x-amz-json-1.1"},
                       {"x-amz-target", "Kinesis_20131202." + operation}};
    request.body = as_bytes(text);
    request.response_bytes_max = 64u << 20;
    wire::aws::sign(request, credentials_, "us-east-1", "kinesis", clock_.wall_now());
    auto response = client_.perform(request);
    if (!response) die(operation + ": " + response.error().to_string());
    if (response->status != 200) die(operation + ": " + std::string(as_text(response->body)));
    return std::string(as_text(response->body));
  }

 private:
  const Options& options_;
  const wire::aws::Credentials& credentials_;
  SystemClock clock_;
  CurlHttpClient client_;
};

struct Counts {
  std::uint64_t records = 0;
  std::uint64_t out_of_order = 0;
  std::unordered_map<std::string, std::uint64_t> next;  ///< next number expected per key
};

/// The value between `name` and the following quote, from `at` on; moves `at` behind it. Empty at the end.
std::string_view next_value(std::string_view text, std::string_view name, std::size_t& at) {
  const std::size_t begin = text.find(name, at);
  if (begin == std::string_view::npos) return {};
  const std::size_t end = text.find('"', begin + name.size());
  at = end;
  return text.substr(begin + name.size(), end - begin - name.size());
}

void count_page(std::string_view page, Buffer& data, Counts& counts) {
  for (std::size_t at = 0;;) {
    const std::string_view encoded = next_value(page, "\"Data\":\"", at);
    if (encoded.empty()) return;
    if (!from_base64(encoded, data)) die("a record is not base64");
    const std::string_view text = as_text(data);
    std::size_t inside = 0;
    const std::string device(next_value(text, "\"device\":\"", inside));
    const std::uint64_t number = std::stoull(std::string(next_value(text, "\"n\":\"", inside)));
    std::uint64_t& next = counts.next[device];
    if (number != next) ++counts.out_of_order;
    next = number + 1;
    ++counts.records;
  }
}

void read_shard(const Options& options, const wire::aws::Credentials& credentials, const std::string& shard,
                Counts& counts) {
  Client client(options, credentials);
  auto answer = nlohmann::json::parse(client.call(
      "GetShardIterator", {{"StreamName", options.stream}, {"ShardId", shard}, {"ShardIteratorType", "TRIM_HORIZON"}}));
  std::string iterator = answer["ShardIterator"];
  Buffer data;
  while (true) {
    const std::string page = client.call("GetRecords", {{"ShardIterator", iterator}, {"Limit", 10000}});
    count_page(page, data, counts);
    std::size_t at = 0;
    iterator = next_value(page, "\"NextShardIterator\":\"", at);
    if (iterator.empty() || page.find("\"Data\"") == std::string::npos) return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--url")
      options.url = argv[i + 1];
    else if (name == "--key-file")
      options.key_file = argv[i + 1];
    else if (name == "--stream")
      options.stream = argv[i + 1];
    else if (name == "--expect")
      options.expect = argv[i + 1];
    else
      die("unknown option " + name);
  }
  const wire::aws::Credentials credentials = keys_of(options.key_file);
  Client client(options, credentials);
  const auto shards = nlohmann::json::parse(client.call("ListShards", {{"StreamName", options.stream}}))["Shards"];
  std::vector<Counts> counts(shards.size());
  std::vector<std::thread> threads;
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < shards.size(); ++i)
    threads.emplace_back([&, i] { read_shard(options, credentials, shards[i]["ShardId"], counts[i]); });
  for (auto& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

  Counts total;
  for (const Counts& c : counts) {
    total.records += c.records;
    total.out_of_order += c.out_of_order;
    for (const auto& [key, next] : c.next) total.next[key] += next;  // a key lives in one shard
  }
  std::uint64_t expected = 0;
  std::uint64_t wrong_keys = 0;
  std::ifstream in(options.expect);
  std::string key;
  for (std::uint64_t count = 0; in >> key >> count;) {
    expected += count;
    if (total.next[key] != count) ++wrong_keys;
  }
  std::printf(
      "{\"records\":%llu,\"expected\":%llu,\"out_of_order\":%llu,\"wrong_keys\":%llu,\"records_per_second\":%.0f}\n",
      static_cast<unsigned long long>(total.records), static_cast<unsigned long long>(expected),
      static_cast<unsigned long long>(total.out_of_order), static_cast<unsigned long long>(wrong_keys),
      static_cast<double>(total.records) / seconds);
  return total.records == expected && total.out_of_order == 0 && wrong_keys == 0 ? 0 : 1;
}
