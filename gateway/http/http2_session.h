#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <string>

#include "gateway/http/http2_connection.h"
#include "gateway/http/plain_transport.h"
#include "gateway/http/session.h"
#include "gateway/http/use_tuple.h"

namespace forebay::gateway::http {

/// An HTTP/2 connection over `Transport`: reads, writes and runs handlers for Http2Connection. Handlers and streamed
/// answers run beside each other; one writer at a time sends what they left. The session lives until the last of
/// them is done, also when its connection has ended.
/// Included by session.cpp alone, which instantiates it.
template <class Transport>
class Http2Session final : public Session,
                           public Http2Events,
                           public std::enable_shared_from_this<Http2Session<Transport>> {
 public:
  using Self = std::shared_ptr<Http2Session>;

  Http2Session(EventLoop& loop, Transport transport, RequestHandler& handler)
      : loop_(loop),
        transport_(std::move(transport)),
        handler_(handler),
        peer_(transport_.peer()),
        in_(kIdleBufferBytes),
        connection_(loop, *this, peer_) {
    loop_.metrics().http2_connections.add();
  }
  ~Http2Session() { loop_.remove(*this); }

  void cut() override { transport_.close(); }
  void evict() override {
    connection_.drop_slowest_body(loop_.clock().steady_now());
    flush();
  }
  void drain() override {
    connection_.shut_down();
    flush();
  }

  bool expire(SteadyTime now) override {
    if (phase == Phase::closing || (writing_ && now >= write_deadline_)) {
      const bool slow = phase != Phase::closing;
      deadline = SteadyTime::max();
      cut();
      return slow;
    }
    const std::size_t expired = connection_.expire(now);
    if (connection_.stream_count() > 0) active_until_ = now + loop_.options().idle_timeout;
    if (connection_.stream_count() == 0 && now >= active_until_) connection_.shut_down();
    arm(now);
    flush();
    return expired > 0;
  }

  /// `first` is what has been read already.
  static Task<void> run(Self self, Buffer first) {
    self->phase = Phase::idle;
    self->feed(ByteView(first.data(), first.size()));
    first = {};
    if (self->drains && self->loop_.draining()) self->drain();
    while (self->transport_.is_open()) {
      const boost::asio::mutable_buffer space(self->in_.data(), self->in_.size());
      auto [error, count] = co_await self->transport_.read_some(space);
      if (error) break;
      self->feed(ByteView(self->in_.data(), count));
      self->fit_buffer(count);
    }
    self->closed_ = true;
    self->deadline = SteadyTime::max();
    self->transport_.close();
    self->connection_.close_streams();
  }

 private:
  std::optional<Response> admit(Request& request) override { return handler_.admit(request); }
  void on_request(Http2StreamPtr stream) override { ready_.push_back(std::move(stream)); }
  void on_wanted(Http2StreamPtr stream) override { wanted_.push_back(std::move(stream)); }

  void feed(ByteView bytes) {
    if (phase == Phase::closing) return discard(bytes.size());
    connection_.receive(bytes);
    const SteadyTime now = loop_.clock().steady_now();
    active_until_ = now + loop_.options().idle_timeout;
    arm(now);
    start_ready();
    flush();
    if (connection_.memory_refused() && !starving_) start_starving();
  }

  /// Looks again when the connection has rested for long, or in a moment while anything is going on.
  void arm(SteadyTime now) {
    const bool resting = connection_.stream_count() == 0 && !writing_;
    deadline = resting ? active_until_ : now + kLookInterval;
    phase = connection_.bodies() > 0 ? Phase::body : resting ? Phase::idle : Phase::handling;
    body_started = connection_.bodies_since();
    body_received = connection_.bodies_bytes();
  }

  void fit_buffer(std::size_t count) {
    if (count == in_.size() && in_.size() < kBusyBufferBytes)
      in_.resize(kBusyBufferBytes);
    else if (in_.size() > kIdleBufferBytes && connection_.stream_count() == 0)
      in_ = Buffer(kIdleBufferBytes);
  }

  // Handlers may end at once and come back here: the flag keeps that flat.
  void start_ready() {
    if (starting_) return;
    starting_ = true;
    while (!ready_.empty() && running_ < loop_.options().handlers_max &&
           connection_.queued_answer_bytes() < loop_.options().queued_answer_bytes_max) {
      Http2StreamPtr stream = std::move(ready_.front());
      ready_.pop_front();
      if (stream->gone) continue;
      stream->stage = Http2Stream::Stage::handling;
      ++running_;
      spawn(serve(this->shared_from_this(), std::move(stream)));
    }
    starting_ = false;
  }

  static Task<void> serve(Self self, Http2StreamPtr stream) {
    Response response = co_await self->guarded_handle(*stream);
    --self->running_;
    if (self->closed_) co_return;
    self->connection_.answer(*stream, std::move(response));
    self->start_ready();
    self->flush();
  }

  Task<Response> guarded_handle(Http2Stream& stream) {
    try {
      co_return co_await handler_.handle(stream.request);
    } catch (const std::exception& fault) {
      loop_.metrics().handler_faults.add();
      loop_.logger().error("a request ended in an internal error", {{"error", fault.what()}});
    }
    co_return text_response(500, "application/x-amz-json-1.1", "{\"__type\":\"InternalFailure\"}");
  }

  static Task<void> pull(Self self, Http2StreamPtr stream) {
    std::optional<Buffer> piece;
    bool failed = false;
    do {
      try {
        piece = co_await stream->response.stream->next();
      } catch (const std::exception& fault) {
        self->loop_.metrics().handler_faults.add();
        self->loop_.logger().error("a streamed answer ended in an internal error", {{"error", fault.what()}});
        failed = true;
      }
    } while (!failed && piece && piece->empty() && !stream->gone);
    stream->pulling = false;
    if (stream->gone || self->closed_) {
      stream->response.stream.reset();
      co_return;
    }
    if (failed)
      self->connection_.abort(*stream);
    else
      self->connection_.deliver(*stream, std::move(piece));
    self->flush();
  }

  void flush() {
    if (writing_ || closed_ || phase == Phase::closing || !connection_.has_output()) return;
    writing_ = true;
    spawn(write_all(this->shared_from_this()));
  }

  static Task<void> write_all(Self self) {
    self->out_ = self->loop_.buffers().take(kWriteBytes);
    while (self->transport_.is_open()) {
      self->out_.clear();
      self->connection_.collect(self->out_, kWriteBytes);
      self->start_pulls();
      self->start_ready();
      // Handlers that ended at once have left something new.
      if (self->out_.empty() && self->connection_.has_output()) self->connection_.collect(self->out_, kWriteBytes);
      if (self->out_.empty()) break;
      self->write_deadline_ = self->loop_.clock().steady_now() + self->loop_.options().write_timeout;
      const TwoBuffers parts{boost::asio::buffer(self->out_), boost::asio::const_buffer()};
      auto [error, count] = co_await self->transport_.write(parts);
      if (error) self->transport_.close();
    }
    self->loop_.buffers().give_back(std::move(self->out_));
    self->out_ = {};
    self->writing_ = false;
    if (self->connection_.finished()) self->close_softly();
  }

  void start_pulls() {
    std::vector<Http2StreamPtr> wanted = std::exchange(wanted_, {});
    for (Http2StreamPtr& stream : wanted) spawn(pull(this->shared_from_this(), std::move(stream)));
  }

  /// Everything is said: waits a little for the far end to close, so that it gets to read what was said.
  void close_softly() {
    if (phase == Phase::closing) return;
    phase = Phase::closing;
    deadline = loop_.clock().steady_now() + kClosingPatience;
    transport_.end_of_writing();
  }

  /// What arrives after the goodbye is thrown away; whoever goes on for long is cut.
  void discard(std::size_t size) {
    discarded_ += size;
    if (discarded_ > kClosingBytesMax) cut();
  }

  void start_starving() {
    starving_ = true;
    waits_for_memory = true;
    spawn(wait_for_memory(this->shared_from_this()));
  }

  static Task<void> wait_for_memory(Self self) {
    boost::asio::steady_timer timer(self->loop_.context());
    do {
      timer.expires_after(Milliseconds(3));
      (void)co_await timer.async_wait(kUseTuple);
      if (self->closed_) co_return;
      (void)self->connection_.ask_for_memory();
      self->start_ready();
      self->flush();
    } while (self->connection_.memory_refused());
    self->starving_ = false;
    self->waits_for_memory = false;
  }

  void spawn(Task<void> task) {
    boost::asio::co_spawn(loop_.context(), std::move(task), [&loop = loop_](std::exception_ptr fault) {
      if (!fault) return;
      loop.metrics().handler_faults.add();
      loop.logger().error("a session ended in an internal error");
    });
  }

  static constexpr std::size_t kBusyBufferBytes = 64 * 1024;
  static constexpr std::size_t kWriteBytes = 128 * 1024;
  static constexpr Milliseconds kLookInterval{1'000};
  static constexpr Milliseconds kClosingPatience{2'000};
  static constexpr std::size_t kClosingBytesMax = 1u << 20;

  EventLoop& loop_;
  Transport transport_;
  RequestHandler& handler_;
  std::string peer_;
  Buffer in_;
  Buffer out_;
  std::deque<Http2StreamPtr> ready_;
  std::vector<Http2StreamPtr> wanted_;
  std::size_t running_ = 0;
  std::size_t discarded_ = 0;
  SteadyTime active_until_{};
  SteadyTime write_deadline_{};
  bool writing_ = false;
  bool starting_ = false;
  bool starving_ = false;
  bool closed_ = false;
  Http2Connection connection_;
};

}  // namespace forebay::gateway::http
