#include <boost/asio/this_coro.hpp>

#include "gateway/stream/embedded_shard.h"
#include "gateway/stream/embedded_stream_service.h"
#include "gateway/stream/wait_loop.h"

/// The reading half of EmbeddedStreamService: memory on the loop, segments in the blocking pool.
namespace forebay::gateway::stream {
namespace {

Result<std::shared_ptr<log::ShardView>> view_of(const Shard& shard) {
  const auto* mine = dynamic_cast<const EmbeddedShard*>(&shard);
  if (mine == nullptr) return Error{Errc::invalid_argument, "the shard belongs to another service"};
  if (mine->view()->is_removed()) return Error{Errc::not_found, "the stream was deleted"};
  return mine->view();
}

ReadResult to_result(log::LogRead read) {
  ReadResult result;
  result.batches.reserve(read.batches.size());
  for (const log::LogRead::Batch& batch : read.batches)
    result.batches.push_back({batch.bytes, batch.base, static_cast<std::int32_t>(batch.record_count), batch.arrival,
                              batch.upload, batch.encrypted});
  result.end = read.end;
  result.owner = std::move(read.owner);
  return result;
}

/// Runs a call that may block in the pool. `call` is a named object of the caller.
template <class Call>
Task<void> run_blocking(boost::asio::thread_pool& pool, Call& call) {
  auto start = [&](Resume resume) {
    boost::asio::post(pool, [&call, resume = std::move(resume)]() mutable {
      call();
      resume();
    });
  };
  co_await suspend(start);
}

}  // namespace

Task<Result<ReadResult>> EmbeddedStreamService::read(std::shared_ptr<const Shard> shard, Offset from,
                                                     std::size_t bytes_max) {
  FB_CO_TRY(const std::shared_ptr<log::ShardView> view, view_of(*shard));
  FB_CO_TRY(auto memory, log_->reader().read_memory(*view, from, bytes_max));
  if (memory) co_return to_result(*std::move(memory));
  std::optional<Result<log::LogRead>> read;
  auto call = [&] { read.emplace(log_->reader().read(*view, from, bytes_max)); };
  co_await run_blocking(blocking_, call);
  if (!*read) co_return std::move(*read).error();
  co_return to_result(**std::move(read));
}

Task<Result<Offset>> EmbeddedStreamService::readable_from(std::shared_ptr<const Shard> shard, Offset from) {
  FB_CO_TRY(const std::shared_ptr<log::ShardView> view, view_of(*shard));
  std::optional<Result<Offset>> found;
  auto call = [&] { found.emplace(log_->reader().readable_from(*view, from)); };
  co_await run_blocking(blocking_, call);
  co_return *std::move(found);
}

Task<Result<Offset>> EmbeddedStreamService::offset_at(std::shared_ptr<const Shard> shard, WallTime time) {
  FB_CO_TRY(const std::shared_ptr<log::ShardView> view, view_of(*shard));
  std::optional<Result<Offset>> found;
  auto call = [&] { found.emplace(log_->reader().offset_at(*view, time)); };
  co_await run_blocking(blocking_, call);
  co_return *std::move(found);
}

Task<Result<Offset>> EmbeddedStreamService::wait_for_records(std::shared_ptr<const Shard> shard, Offset from,
                                                             Milliseconds timeout) {
  FB_CO_TRY(const std::shared_ptr<log::ShardView> view, view_of(*shard));
  if (view->end() > from) co_return view->end();
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  WaitLoop& loop = WaitLoop::of(executor);
  auto waiter = std::make_shared<WaitLoop::Waiter>(executor);
  bool taken = false;
  auto start = [&](Resume resume) {
    waiter->resume = std::move(resume);
    taken = loop.add(waiter, view, from, timeout);
    if (!taken) waiter->resume();
  };
  co_await suspend(start);
  if (!taken) co_return Error{Errc::unavailable, "too many readers wait on this shard"};
  if (view->is_removed()) co_return Error{Errc::not_found, "the stream was deleted"};
  co_return view->end();
}

}  // namespace forebay::gateway::stream
