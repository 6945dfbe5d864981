#pragma once

#include "gateway/stream/put_loop.h"

namespace forebay::gateway::stream {

/// The batches of one turn for one stream on their way through the sequencer, with the puts that wait for them.
struct PutLoop::PutSubmission final : LoopSubmission {
  PutSubmission(log::Work w, PutLoop& l) : LoopSubmission(std::move(w), l), loop(&l) {}
  void finished(std::unique_ptr<LoopSubmission>) override { loop->put_done(*this); }
  [[nodiscard]] log::PutWork& put() { return std::get<log::PutWork>(work); }

  PutLoop* loop;
  StreamPtr stream;
  std::vector<PendingPut*> puts;
  std::vector<std::size_t> part_of;  ///< by index of open_shards
  std::uint32_t reroutes = 0;
};

}  // namespace forebay::gateway::stream
