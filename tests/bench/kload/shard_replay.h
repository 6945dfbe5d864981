#pragma once

#include <string>
#include <vector>

#include "connection.h"
#include "manifest.h"
#include "meters.h"
#include "signer.h"

namespace kload {

struct ReplayStats {
  Histogram latency;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::uint64_t foreign = 0;  ///< not of the manifest's run
  std::uint64_t inversions = 0;
  std::uint64_t duplicates = 0;

  void merge(const ReplayStats& other);
};

/// Reads one shard from its start until it has been at the tip twice.
class ShardReplay {
 public:
  ShardReplay(const Options& options, std::string shard, Manifest& manifest, ReplayStats& stats);
  void run();

 private:
  std::string first_iterator();
  /// One call. False: refused, to be tried again.
  bool read(const std::string& iterator);
  std::uint64_t take_records(std::string_view body);
  void check(std::string_view record);

  const Options& options_;
  std::string shard_;
  Manifest& manifest_;
  ReplayStats& stats_;
  Signer signer_;
  Connection connection_;
  Response response_;
  std::vector<std::uint64_t> last_;  ///< by producer: one past the last sequence seen
  std::vector<char> decoded_;
  int errors_ = 0;
};

}  // namespace kload
