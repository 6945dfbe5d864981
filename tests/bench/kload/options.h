#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kload {

struct Options {
  std::string command;
  std::string host = "127.0.0.1";
  std::string stream = "bench";
  std::string access_key = "AKIDEXAMPLE";
  std::string secret_key = "secret";
  std::string region = "us-east-1";
  std::string manifest;
  std::string label;
  std::vector<int> pids;  ///< servers whose CPU time and memory are read from /proc
  int port = 4567;
  int shards = 8;
  int records = 500;  ///< of one request
  int payload = 100;  ///< bytes of one record
  int connections = 16;
  int threads = 1;
  int keys = 10000;
  int limit = 10000;
  double seconds = 10;
  double warmup_seconds = 1;
  double rate = 0;  ///< records per second; 0: closed loop
  std::uint64_t count = 0;
  bool sign = true;
  bool json = false;  ///< records are JSON objects
};

/// Ends the program with a message when an option is wrong.
Options parse_options(int argc, char** argv);
[[noreturn]] void die(const std::string& message);

std::uint64_t now_ns();

}  // namespace kload
