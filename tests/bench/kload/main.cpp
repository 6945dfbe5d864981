// kload: load generator and verifier for anything that speaks the Kinesis Data Streams JSON API over HTTP/1.1.
//
//   kload create --port 4567 --stream s --shards 8
//   kload put    --port 4567 --stream s --records 500 --payload 100 --conns 16 --seconds 10 --manifest m.txt --pid PID
//   kload put    --port 4567 --stream s --records 1   --payload 100 --conns 64 --seconds 10            (PutRecord)
//   kload get    --port 4567 --stream s --manifest m.txt --pid PID                                      (replay +
//   verify) kload delete --port 4567 --stream s
//
// put: closed loop, one request in flight per connection; --rate R makes it open loop (latency is then counted from the
// moment the request was due, so a stalled server cannot hide its stall). Every request is signed with SigV4 unless
// --no-sign; --json makes the records JSON objects. Every record carries run id, producer and sequence number;
// --manifest writes which ones were acknowledged.
// get: one connection per shard, TRIM_HORIZON to the tip; with --manifest it proves that every acknowledged record is
// there, counts duplicates and order inversions per (shard, producer). Exit status 1 if anything is missing or
// reordered. --pid reads CPU time, memory and write_bytes of the server (comma-separated list) from /proc.
// Linux 5.11 or later; needs libcrypto and nothing else. It refuses any host that is not loopback.
#include <chrono>
#include <thread>

#include "connection.h"
#include "get.h"
#include "put.h"
#include "signer.h"

namespace kload {
namespace {

int delete_stream(const Options& o) {
  Signer signer(o);
  Connection connection(o);
  Response response;
  signer.build("DeleteStream", "{\"StreamName\":\"" + o.stream + "\"}", connection.out);
  connection.call(response);
  return response.status == 200 ? 0 : 1;
}

int create_stream(const Options& o) {
  Signer signer(o);
  Connection connection(o);
  Response response;
  const std::string shards = std::to_string(o.shards);
  signer.build("CreateStream", "{\"StreamName\":\"" + o.stream + "\",\"ShardCount\":" + shards + "}", connection.out);
  connection.call(response);
  if (response.status != 200)
    die("CreateStream: " + std::to_string(response.status) + " " + response.body.substr(0, 300));
  for (int i = 0; i < 600; ++i) {
    signer.build("DescribeStreamSummary", "{\"StreamName\":\"" + o.stream + "\"}", connection.out);
    connection.call(response);
    if (response.body.find("\"ACTIVE\"") != std::string::npos) return 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  die("stream did not become ACTIVE");
}

}  // namespace
}  // namespace kload

int main(int argc, char** argv) {
  const kload::Options options = kload::parse_options(argc, argv);
  if (options.command == "put") return kload::run_put(options);
  if (options.command == "get") return kload::run_get(options);
  if (options.command == "create") return kload::create_stream(options);
  if (options.command == "delete") return kload::delete_stream(options);
  kload::die("unknown command " + options.command);
}
