#pragma once

#include "gateway/log/shard_view.h"
#include "gateway/stream/stream_service.h"

namespace forebay::gateway::stream {

/// A shard whose log is in this process. Threads  any.
class EmbeddedShard final : public Shard {
 public:
  explicit EmbeddedShard(std::shared_ptr<log::ShardView> view) : view_(std::move(view)) {}

  [[nodiscard]] Offset start_offset() const override { return view_->start(); }
  [[nodiscard]] Offset end_offset() const override { return view_->end(); }
  [[nodiscard]] WallTime last_arrival() const override { return view_->last_arrival(); }
  void hold_from(Offset first_kept) const override { view_->set_hold(first_kept); }
  [[nodiscard]] const std::shared_ptr<log::ShardView>& view() const { return view_; }

 private:
  std::shared_ptr<log::ShardView> view_;
};

}  // namespace forebay::gateway::stream
