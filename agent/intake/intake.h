#pragma once

#include <functional>

#include "base/result.h"
#include "base/units.h"
#include "spool/record_chunk.h"

namespace forebay::agent {

/// Bounded hand-over from sources to the spool: the only way in. The spool thread takes what queued and makes it
/// durable with one sync.
/// Threads  any.
class Intake {
 public:
  virtual ~Intake() = default;

  /// Queues a chunk. False: full, `chunk` is untouched; the on_space callback of this caller runs once there is room.
  virtual bool try_submit(spool::RecordChunk& chunk, std::function<void()> on_space) = 0;
  /// Queues a chunk, asks for a commit at once and waits until it is durable.
  /// Errors  timed_out: not known to be durable by then: the giver must not be told success; cancelled: stopping.
  virtual Result<void> submit_and_wait(spool::RecordChunk& chunk, Milliseconds timeout) = 0;
  /// Forgets the position of a source for good (rule A2): queued behind its chunks.
  virtual void forget_source(std::string source) = 0;
};

}  // namespace forebay::agent
