#pragma once

#include <random>
#include <unordered_set>

#include "tests/crash_gateway/oracle.h"

namespace forebay::test {

struct CrashTotals {
  std::uint64_t traces = 0;
  std::uint64_t states = 0;      ///< distinct
  std::uint64_t repeated = 0;    ///< recovered twice and compared
  std::uint64_t replayed = 0;    ///< batches brought back from the journal
  std::uint64_t torn_tails = 0;
  std::uint64_t segments = 0;    ///< read from in recovered logs
  std::uint64_t holes = 0;
  std::uint64_t sealed = 0;      ///< batches that were acknowledged encrypted
  std::uint64_t rerouted = 0;    ///< batches that came back because the shard map had changed
  std::map<std::string, std::uint64_t> operations;
};

/// One seeded life of a gateway log, with power cuts tried at the boundaries of its disk operations: puts, uploads,
/// segment writes and rolls, checkpoints, retention, creation, deletion and restarts. After each cut the log is
/// recovered from the image and compared with the oracle.
class CrashTrace {
 public:
  CrashTrace(std::uint64_t seed, CrashTotals& totals, std::unordered_set<std::uint64_t>& known);
  /// Empty, or the first broken promise with the seed and the operation.
  std::string run();
  /// The same life, shorter and without power cuts, in which disk call number `call` fails once (0: none does); then a
  /// power cut. What was acknowledged must be there after recovery without the fault.
  std::string run_with_fault(std::uint64_t call, Fault fault);
  /// Disk calls made so far.
  [[nodiscard]] std::uint64_t calls() const { return disk_.calls(); }

 private:
  [[nodiscard]] bool is_down() const { return !log_ || !log_->log || !log_->fatal.empty(); }
  void step();
  void put();
  void upload();
  void create();
  void remove();
  void change_settings();
  /// Starts or stops the encryption of a stream, or gives it another key.
  glog::AttributeChange other_key();
  void reshard();
  void look_at_maps();
  [[nodiscard]] std::map<glog::StreamId, glog::StreamDefinition>::const_iterator any_stream();
  /// The map a loop routes by: mostly the present one, sometimes the one before.
  [[nodiscard]] glog::StreamDefinition map_of(const glog::StreamDefinition& present);
  void write_segments();
  void checkpoint();
  void expire();
  void restart();
  void turn();
  void settle(const glog::Submission& submission);
  void watch_views();
  void try_crashes(const FileCallInfo& call);
  std::string try_crash(const CrashPlan& plan);
  std::uint64_t pick(std::uint64_t below) { return random_() % below; }
  std::vector<std::string> values(std::uint32_t count);
  glog::BatchPart part_of(std::uint32_t shard, const std::vector<std::string>& values);

  std::uint64_t seed_;
  CrashTotals* totals_;
  std::unordered_set<std::uint64_t>* known_;
  std::mt19937_64 random_;
  std::shared_ptr<glog::KeyRing> keys_;
  MemoryFileSystem disk_;
  ManualClock clock_;
  Oracle oracle_;
  std::unique_ptr<LogHarness> log_;
  std::map<glog::LaneKey, std::uint64_t> next_sequence_;
  std::map<glog::StreamId, glog::StreamDefinition> older_maps_;
  std::uint64_t next_value_ = 0;
  std::uint64_t next_name_ = 0;
  std::uint64_t next_crc_ = 1;
  bool trying_ = false;
  bool with_fault_ = false;
  bool uploads_ = true;  ///< an upload failed: the lanes' next sequences are not known any more
  std::string doing_;
  std::string broken_;
};

}  // namespace forebay::test
