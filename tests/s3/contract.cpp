// The contract of ObjectStore against a real server or a folder:
//   s3_contract ENDPOINT BUCKET REGION           PASS and FAIL lines, exit code 1 when one failed
//   s3_contract ENDPOINT BUCKET REGION MIB       puts MIB MiB and prints MB/s: one object of 64 MiB after the other,
//   then
//                                                objects of 5 MiB from four threads
//   s3_contract ENDPOINT BUCKET REGION MIB KIB     puts MIB MiB in objects of KIB KiB from four threads and prints MB/s
//   s3_contract ENDPOINT BUCKET REGION puts COUNT  puts the same COUNT objects as every other such run; exit code 0
//   when all
//                                                are there now, 2 when another run should go on
// Keys come from the environment. The bucket exists and is empty. S3_CONTRACT_CA_FILE names a certificate to trust,
// S3_CONTRACT_VIRTUAL_HOST puts the bucket into the host name.
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "gateway/delivery/stores/stores.h"
#include "sys/curl_http_client.h"
#include "sys/log_output.h"
#include "sys/posix_file_system.h"
#include "sys/system_clock.h"
#include "sys/system_entropy.h"

namespace forebay::gateway::delivery {
namespace {

class Contract {
 public:
  explicit Contract(ObjectStore& store) : store_(store) {}

  bool run() {
    keys();
    repeats();
    large();
    lists();
    leftovers();
    return failures_ == 0;
  }

 private:
  void check(bool good, const std::string& what) {
    std::printf("%s %s\n", good ? "PASS" : "FAIL", what.c_str());
    failures_ += good ? 0 : 1;
  }
  template <class T>
  static std::string told(const Result<T>& result) {
    return result ? std::string("ok") : result.error().to_string();
  }
  Result<PutOutcome> put(const std::string& key, ByteView body) {
    ObjectToPut object;
    object.key = key;
    object.body = body;
    return store_.put(object);
  }
  void expect_put(const std::string& key, ByteView body, PutOutcome wanted, const std::string& what) {
    const auto outcome = put(key, body);
    check(outcome.ok() && *outcome == wanted, what + ": " + key.substr(0, 60) + ": " + told(outcome));
  }
  void expect_body(const std::string& key, ByteView body, const std::string& what) {
    const auto read = store_.get(key, 64 << 20);
    check(read.ok() && *read && std::ranges::equal(**read, body), what + ": " + told(read));
  }

  void keys() {
    for (const std::string& key : kKeys) {
      expect_put(key, as_bytes(key), PutOutcome::created, "put");
      expect_body(key, as_bytes(key), "read back");
    }
    const auto absent = store_.get("absent", 10);
    check(absent.ok() && !*absent, "an absent object is none: " + told(absent));
    const auto large = store_.get(kKeys[0], 3);
    check(!large && large.error().code == Errc::too_large, "a limit on reading holds: " + told(large));
    const auto empty = put("empty", {});
    check(empty.ok(), "an empty object: " + told(empty));
    expect_body("empty", {}, "and it is empty");
  }

  void repeats() {
    expect_put("repeat", as_bytes("one"), PutOutcome::created, "first");
    expect_put("repeat", as_bytes("one"), PutOutcome::same, "the same again");
    expect_put("repeat", as_bytes("two"), PutOutcome::different, "another of the same length");
    expect_put("repeat", as_bytes("longer"), PutOutcome::different, "another length");
    expect_body("repeat", as_bytes("one"), "the first one stays");
    check(store_.remove("repeat").ok() && store_.remove("repeat").ok(), "remove, and again");
    expect_put("repeat", as_bytes("two"), PutOutcome::created, "after removal");
  }

  void large() {
    Buffer body(40u << 20);
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<std::uint8_t>((i * 2654435761u) >> 13);
    // Named like an object of the delivery stream "lake", whose leftovers leftovers() looks for.
    const std::string key =
        "large/dt=2026-01-02/a 1+2/lake-1-2026-01-02-03-04-05-11111111-2222-8333-8444-000000000001.bin";
    expect_put(key, body, PutOutcome::created, "40 MiB in parts");
    expect_body(key, body, "the parts are in order");
    expect_put(key, body, PutOutcome::same, "40 MiB again");
    body.back() ^= 1;
    expect_put(key, body, PutOutcome::different, "40 MiB with another last byte");
  }

  void lists() {
    std::vector<std::string> expected;
    for (int i = 0; i < 25; ++i) expected.push_back("list/" + std::to_string(100 + i) + (i % 2 == 0 ? "/x" : "-y"));
    std::ranges::sort(expected);
    for (const std::string& key : expected) check(put(key, as_bytes("1234")).ok(), "put " + key);
    const auto all = store_.list("list/", "", 1000);
    check(names(all) == expected, "a prefix is listed in order: " + told(all));
    check(all.ok() && !all->empty() && all->front().size == 4 && to_millis(all->front().modified) > 1'600'000'000'000,
          "with size and time");
    const std::vector<std::string> rest(expected.begin() + 11, expected.begin() + 16);
    check(names(store_.list("list/", expected[10], 5)) == rest, "behind a key, with a limit");
    check(names(store_.list("none/", "", 5)).empty(), "nothing is listed where nothing is");
    std::vector<std::string> found;
    for (std::string after;;) {
      const auto page = names(store_.list("", after, 7));
      found.insert(found.end(), page.begin(), page.end());
      if (page.size() < 7) break;
      after = page.back();
    }
    bool all_there = std::ranges::is_sorted(found);
    for (const std::string& key : kKeys) all_there = all_there && std::ranges::find(found, key) != found.end();
    check(all_there, "every key of this test is listed as it was put, " + std::to_string(found.size()) + " in all");
  }

  void leftovers() {
    const auto none = store_.abort_leftovers("", "lake", from_millis(4'000'000'000'000));
    check(none.ok() && *none == 0, "no upload is left over: " + told(none));
  }

  static std::vector<std::string> names(const Result<std::vector<StoredObject>>& listed) {
    std::vector<std::string> keys;
    if (listed)
      for (const StoredObject& object : *listed) keys.push_back(object.key);
    return keys;
  }

  ObjectStore& store_;
  int failures_ = 0;
  const std::vector<std::string> kKeys = {"plain.txt",
                                          "dt=2026-01-02/hour=03/a.gz",
                                          "plus+plus",
                                          "colon:colon",
                                          "a space, a comma",
                                          "percent%41%",
                                          "tilde~!*'()",
                                          "question?hash#&=",
                                          "@$;\"<>",
                                          "unicode/\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80",
                                          "d/" + std::string(200, 'k') + "/" + std::string(200, 'l')};
};

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

/// Puts `bytes` in objects of `object_bytes` from `threads` threads and prints what that took.
bool measure(ObjectStore& store, const std::string& name, std::size_t bytes, std::size_t object_bytes,
             std::size_t threads) {
  Buffer body(object_bytes);
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<std::uint8_t>((i * 2654435761u) >> 13);
  const std::size_t count = std::max<std::size_t>(1, bytes / object_bytes / threads);
  std::atomic<bool> good{true};
  const double cpu = cpu_seconds();
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> workers;
  for (std::size_t t = 0; t < threads; ++t)
    workers.emplace_back([&, t] {
      for (std::size_t i = 0; i < count && good; ++i) {
        ObjectToPut object;
        object.key = name + "/" + std::to_string(t) + "-" + std::to_string(i);
        object.body = body;
        const auto outcome = store.put(object);
        if (!outcome) std::printf("FAIL %s\n", outcome.error().to_string().c_str());
        if (!outcome || *outcome != PutOutcome::created) good = false;
      }
    });
  for (std::thread& worker : workers) worker.join();
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double mb = static_cast<double>(count * threads * object_bytes) / 1e6;
  std::printf("%s: %.0f MB in %.2f s: %.0f MB/s, %.2f CPU-s/GB here\n", name.c_str(), mb, took, mb / took,
              (cpu_seconds() - cpu) / mb * 1000);
  return good;
}

/// Small ones and, every tenth, one that goes up in parts.
int put_all(ObjectStore& store, int count) {
  for (int i = 0; i < count; ++i) {
    const Buffer body(i % 10 == 9 ? 17u << 20 : 100'000u, static_cast<std::uint8_t>(i));
    ObjectToPut object;
    object.key = "puts/" + std::to_string(1000 + i);
    object.body = body;
    const auto outcome = store.put(object);
    if (!outcome) {
      std::printf("%s\n", outcome.error().to_string().c_str());
      return 2;
    }
    if (*outcome == PutOutcome::different) {
      std::printf("FAIL %s is another object\n", object.key.c_str());
      return 1;
    }
  }
  return 0;
}

std::optional<std::string> environment(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

int run(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: s3_contract ENDPOINT BUCKET REGION [MIB [KIB] | puts COUNT]\n", stderr);
    return 64;
  }
  PosixFileSystem files;
  const SystemClock clock;
  SystemEntropy entropy;
  FdLogOutput log(clock, LogOutputOptions::for_stderr());
  StoreOptions options;
  options.endpoint = argv[1];
  options.region = argv[3];
  options.ca_file = environment("S3_CONTRACT_CA_FILE").value_or("");
  options.path_style = !environment("S3_CONTRACT_VIRTUAL_HOST");
  const StoreWorld world{files,
                         clock,
                         entropy,
                         Logger(log, "stores"),
                         [](const HttpClientNeeds& needs) {
                           CurlHttpClientOptions curl;
                           curl.ca_file = needs.ca_file;
                           curl.address_allowed = needs.address_allowed;
                           curl.connect_timeout = needs.connect_timeout;
                           return std::make_unique<CurlHttpClient>(std::move(curl));
                         },
                         environment};
  auto stores = ObjectStores::make(options, world);
  auto store = stores ? (*stores)->open(argv[2]) : Result<std::shared_ptr<ObjectStore>>(stores.error());
  if (!store) {
    std::printf("FAIL %s\n", store.error().to_string().c_str());
    return 1;
  }
  if (argc == 4) return Contract(**store).run() ? 0 : 1;
  if (argc == 6 && std::string_view(argv[4]) == "puts") return put_all(**store, std::atoi(argv[5]));
  const std::size_t bytes = std::strtoull(argv[4], nullptr, 10) << 20;
  if (argc == 6) return measure(**store, "plain", bytes, std::strtoull(argv[5], nullptr, 10) << 10, 4) ? 0 : 1;
  const bool good = measure(**store, "large", bytes, 64u << 20, 1) && measure(**store, "small", bytes, 5u << 20, 4);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace forebay::gateway::delivery

int main(int argc, char** argv) { return forebay::gateway::delivery::run(argc, argv); }
