#pragma once

#include <set>
#include <string>
#include <vector>

#include "agent/transform/key_template.h"
#include "base/clock.h"
#include "base/file_watcher.h"
#include "base/log.h"
#include "spool/record_chunk.h"

namespace forebay::agent {

/// One kind of sensor files: the first number in each file that matches, or the number after `field`.
struct SensorRule {
  std::string pattern;  ///< absolute path, may hold * and ?
  double scale = 1.0;
  std::string unit;
  std::string field;    ///< a word in the file, e.g. "MemAvailable:"; empty: count `index` numbers
  int index = 0;        ///< which number of the file, from 0
  std::string suffix;   ///< added to the path in the record when one file holds several values
};

/// Rules of a built-in group: "load", "memory", "thermal", "hwmon" (temperatures, voltages, fans, currents, power).
/// Errors  invalid_argument: no such group.
Result<std::vector<SensorRule>> sensor_group(std::string_view name);

struct SensorReaderOptions {
  std::string device;
  std::string stream;
  KeyTemplate key;
  std::vector<SensorRule> rules;
  std::string root;  ///< put before every path when reading: for a tree that is not the system's
};

/// Reads every sensor once per sample. A record is {"device","path","value","unit","time"}; time is RFC 3339, UTC.
/// A file that cannot be read or holds no number is reported once, tried again each time, and reported again only after
/// it has worked. Patterns are looked up anew every sample, so that devices may come and go.
/// Threads  one at a time.
class SensorReader {
 public:
  SensorReader(FileWatcher& files, const Clock& clock, Logger log, SensorReaderOptions options);

  /// Adds one record per sensor, all of one time.
  void sample(spool::RecordChunk& chunk);

  struct Failure {
    std::string path;
    std::string reason;
  };
  /// Sensors that failed in the last sample.
  [[nodiscard]] const std::vector<Failure>& failures() const { return failures_; }
  [[nodiscard]] std::uint64_t records() const { return records_; }
  [[nodiscard]] std::uint64_t missing_key_fields() const { return options_.key.missing_count(); }

 private:
  Result<double> read(const std::string& path, const SensorRule& rule);
  void add(spool::RecordChunk& chunk, WallTime now, const std::string& path, const SensorRule& rule, double value);
  void note_failure(const std::string& path, const std::string& reason);

  FileWatcher& files_;
  const Clock& clock_;
  Logger log_;
  SensorReaderOptions options_;
  std::set<std::string> reported_;
  std::vector<Failure> failures_;
  std::uint64_t records_ = 0;
  std::string json_;
  std::string key_;
};

}  // namespace forebay::agent
