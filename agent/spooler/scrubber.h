#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "spool/spool.h"

namespace forebay::agent {

/// Reads all unsent data back from the disk now and then (storage rule 1.3.14): weak cells fail late, and what fails
/// while the records are still at their source, or the operator near, is better known early. Its own thread, small
/// slices with pauses, so that it takes little from the disk at any time.
/// Lifecycle  start(); stop() waits for the slice under way.
class Scrubber {
 public:
  struct Options {
    Milliseconds interval{86'400'000};  ///< from the end of a pass to the next; the first begins after a twenty-fourth
    Milliseconds pause{250};            ///< between slices
    std::uint64_t slice_bytes = 256_KiB;
  };

  Scrubber(spool::Spool& spool, Logger logger, const Options& options);
  ~Scrubber();

  void start();
  void stop();

 private:
  void run();
  bool pass();
  bool sleep(Milliseconds time);

  spool::Spool& spool_;
  Logger logger_;
  const Options options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace forebay::agent
