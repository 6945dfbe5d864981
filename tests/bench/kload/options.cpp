#include "options.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <sstream>

#include "record.h"

namespace kload {
namespace {

using Setter = std::function<void(const std::string&)>;

std::map<std::string, Setter> setters(Options& o) {
  const auto text = [](std::string& out) { return Setter([&out](const std::string& v) { out = v; }); };
  const auto number = [](int& out) { return Setter([&out](const std::string& v) { out = std::stoi(v); }); };
  const auto real = [](double& out) { return Setter([&out](const std::string& v) { out = std::stod(v); }); };
  return {
      {"--host", text(o.host)},
      {"--stream", text(o.stream)},
      {"--access-key", text(o.access_key)},
      {"--secret-key", text(o.secret_key)},
      {"--region", text(o.region)},
      {"--manifest", text(o.manifest)},
      {"--label", text(o.label)},
      {"--port", number(o.port)},
      {"--shards", number(o.shards)},
      {"--records", number(o.records)},
      {"--payload", number(o.payload)},
      {"--conns", number(o.connections)},
      {"--threads", number(o.threads)},
      {"--keys", number(o.keys)},
      {"--limit", number(o.limit)},
      {"--seconds", real(o.seconds)},
      {"--warmup", real(o.warmup_seconds)},
      {"--rate", real(o.rate)},
      {"--count", [&o](const std::string& v) { o.count = std::stoull(v); }},
      {"--pid",
       [&o](const std::string& v) {
         std::stringstream list(v);
         for (std::string pid; std::getline(list, pid, ',');) o.pids.push_back(std::stoi(pid));
       }},
  };
}

void check(const Options& o) {
  if (o.host.rfind("127.", 0) != 0) die("only loopback addresses (127.x.x.x) are allowed");
  if (o.payload < 32 || o.payload > (1 << 20)) die("--payload must be 32..1048576 bytes");
  if (o.json && o.payload < static_cast<int>(kJsonRecordBytesMin)) die("--payload must be at least 128 with --json");
  if (o.records < 1 || o.records > 500) die("--records must be 1..500");
  if (o.connections < 1 || o.threads < 1 || o.keys < 1) die("--conns, --threads and --keys must be at least 1");
}

}  // namespace

void die(const std::string& message) {
  std::fprintf(stderr, "kload: %s\n", message.c_str());
  std::exit(2);
}

std::uint64_t now_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

Options parse_options(int argc, char** argv) {
  if (argc < 2) die("usage: kload create|put|get|delete [--option value]... (see the head of main.cpp)");
  Options o;
  o.command = argv[1];
  const auto known = setters(o);
  for (int i = 2; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--no-sign") {
      o.sign = false;
      continue;
    }
    if (name == "--json") {
      o.json = true;
      continue;
    }
    const auto setter = known.find(name);
    if (setter == known.end()) die("unknown option " + name);
    if (i + 1 >= argc) die("value missing for " + name);
    setter->second(argv[++i]);
  }
  check(o);
  return o;
}

}  // namespace kload
