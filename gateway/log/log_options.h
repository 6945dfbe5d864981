#pragma once

#include "base/units.h"
#include "gateway/log/segment_writer.h"
#include "spool/journal.h"

namespace forebay::gateway::log {

struct LogOptions {
  SegmentOptions segment;
  spool::JournalOptions journal;
  std::uint64_t tail_bytes_max = 24_MiB;      ///< durable batches not yet in segments; beyond it puts wait
  std::uint64_t queue_bytes_max = 64_MiB;     ///< submissions waiting for the sequencer; beyond it they are refused
  std::uint64_t commit_bytes_max = 15_MiB;    ///< of entries, below the journal's own limit
  std::uint64_t checkpoint_bytes = 128_MiB;   ///< journal bytes that start a checkpoint
  Milliseconds checkpoint_interval{60'000};   ///< or time, when anything was written
  std::uint64_t free_space_floor = 512_MiB;   ///< of the file system; below it puts are refused, reads go on
};

}  // namespace forebay::gateway::log
