#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "gateway/http/head_parser.h"
#include "gateway/http/head_scan.h"
#include "gateway/http/peer_watch.h"
#include "gateway/http/response_head.h"
#include "gateway/http/session.h"
#include "gateway/http/use_tuple.h"

namespace forebay::gateway::http {

/// An HTTP/1.1 connection over `Transport` (plain_transport.h, tls_transport.h), one request after the other.
/// Included by session.cpp alone, which instantiates it.
template <class Transport>
class Http1Session final : public Session {
 public:
  Http1Session(EventLoop& loop, Transport transport, RequestHandler& handler)
      : loop_(loop),
        transport_(std::move(transport)),
        handler_(handler),
        parser_(loop.options()),
        charge_(loop.budget()),
        peer_(transport_.peer()) {
    loop_.add(*this);
  }
  ~Http1Session() override {
    if (!handed_over_) loop_.remove(*this);
  }

  void cut() override {
    transport_.close();
    end_stream();
  }
  void drain() override {
    keep_alive_ = false;
    end_stream();
    if (phase == Phase::idle) cut();
  }

  /// Serves the connection until it ends.
  /// Result  true: the far end speaks HTTP/2. Nothing was answered; hand_over() gives the connection away.
  Task<bool> run() {
    if (loop_is_draining(*this)) keep_alive_ = false;
    bool alive = co_await handshake();
    if (alive && transport_.speaks_http2()) co_return true;
    while (alive) alive = co_await serve_one();
    if (found_preface_) co_return true;
    transport_.end_of_writing();
    transport_.close();
    co_return false;
  }

  /// What has been read already goes with the connection.
  struct Connection {
    Transport transport;
    Buffer input;
  };
  Connection hand_over() {
    in_.resize(in_used_);
    return Connection{std::move(transport_), std::move(in_)};
  }
  /// `next` stands in the loop's list instead of this session.
  void replace_by(Session& next) {
    handed_over_ = true;
    next.drains = drains;
    loop_.replace(*this, next);
  }

 private:
  static bool loop_is_draining(const Http1Session& self) { return self.drains && self.loop_.draining(); }

  void enter(Phase next, Milliseconds timeout) {
    phase = next;
    deadline = loop_.clock().steady_now() + timeout;
  }

  Task<bool> handshake() {
    enter(Phase::handshake, loop_.options().handshake_timeout);
    co_return co_await transport_.handshake();
  }

  /// Result  true when the connection may serve another request.
  Task<bool> serve_one() {
    const int head_status = co_await read_head();
    if (head_status < 0) co_return false;
    if (head_status > 0) {
      co_await refuse(head_status);
      co_return false;
    }
    keep_alive_ = parser_.keep_alive() && !loop_is_draining(*this);
    Response response = co_await answer();
    if (gone_) co_return false;
    if (response.close) keep_alive_ = false;
    const bool sent =
        response.stream ? co_await write_stream(std::move(response)) : co_await write(std::move(response));
    finish_request();
    if (sent && unread_body_) co_await discard();
    co_return sent&& keep_alive_ && !unread_body_;
  }

  /// The first half of HTTP/2's preface looks like a head; no HTTP/1.1 request does.
  bool begins_http2() {
    found_preface_ = as_text(ByteView(in_.data(), scan_.head_size())) == "PRI * HTTP/2.0\r\n\r\n";
    return found_preface_;
  }

  /// Result  0: a head was parsed; -1: the connection ended; else the status to refuse with.
  Task<int> read_head() {
    scan_.reset();
    compact();
    enter(Phase::idle, loop_.options().idle_timeout);
    bool first_byte = in_used_ == 0;
    head_only_ = false;
    if (!first_byte) enter(Phase::head, loop_.options().header_timeout);
    for (;;) {
      const HeadScan::State state = scan_.scan(ByteView(in_.data(), in_used_));
      if (state == HeadScan::State::complete) break;
      if (state == HeadScan::State::malformed) co_return 400;
      if (in_used_ >= loop_.options().header_bytes_max) co_return 431;
      if (in_.size() == in_used_) in_.resize(std::max(kIdleBufferBytes, in_.size() * 2));
      const boost::asio::mutable_buffer space(in_.data() + in_used_, in_.size() - in_used_);
      auto [error, count] = co_await transport_.read_some(space);
      if (error) co_return -1;
      in_used_ += count;
      if (first_byte) {
        first_byte = false;
        enter(Phase::head, loop_.options().header_timeout);
      }
    }
    if (fresh_ && begins_http2()) co_return -1;
    fresh_ = false;
    if (scan_.head_size() > loop_.options().header_bytes_max) co_return 431;
    in_taken_ = scan_.head_size();
    request_.body = {};
    request_.body_padding = 0;
    request_.peer = peer_;
    request_.admission.reset();
    const int status = parser_.parse_head(MutableBytes(in_.data(), in_taken_), request_);
    head_only_ = status == 0 && request_.method == "HEAD";
    co_return status;
  }

  Task<Response> answer() {
    const std::string_view expect = request_.header("expect");
    std::optional<Response> refusal = handler_.admit(request_);
    int status = refusal ? refusal->status : 0;
    if (status == 0 && request_.content_length.value_or(0) > loop_.options().body_bytes_max) status = 413;
    if (status == 0 && !expect.empty() && expect != "100-continue" && expect != "100-Continue") status = 417;
    if (status == 0) status = co_await read_body(!expect.empty());
    if (status < 0) gone_ = true;
    if (status > 0) {
      skip_small_body();
      if (!refusal) loop_.metrics().request_faults.add();
      co_return refusal ? *std::move(refusal) : bare_response(status);
    }
    if (gone_) co_return Response();
    phase = Phase::handling;
    deadline = SteadyTime::max();
    co_return co_await guarded_handle();
  }

  Task<Response> guarded_handle() {
    try {
      co_return co_await handler_.handle(request_);
    } catch (const std::exception& fault) {
      loop_.metrics().handler_faults.add();
      loop_.logger().error("a request ended in an internal error", {{"error", fault.what()}});
    }
    co_return text_response(500, "application/x-amz-json-1.1", "{\"__type\":\"InternalFailure\"}");
  }

  /// Result  0: the whole body is in request_.body; -1: the connection ended; else the status to refuse with.
  Task<int> read_body(bool announce) {
    if (!request_.has_body()) co_return 0;
    const std::size_t size = request_.content_length.value_or(0);
    if (!request_.chunked && in_used_ - in_taken_ >= size) {
      request_.body = ByteView(in_.data() + in_taken_, size);
      in_taken_ += size;
      request_.body_padding = in_.size() - in_taken_;
      loop_.metrics().request_bytes.add(size);
      co_return 0;
    }
    unread_body_ = true;
    enter(Phase::body, loop_.options().body_timeout);
    body_started = loop_.clock().steady_now();
    body_received = 0;
    progress_mark_ = kBodyProgressBytes;
    if (announce && in_used_ == in_taken_ && !co_await write_text("HTTP/1.1 100 Continue\r\n\r\n")) co_return -1;
    const int status = request_.chunked ? co_await read_chunked_body() : co_await read_sized_body(size);
    if (status == 0) {
      unread_body_ = false;
      loop_.metrics().request_bytes.add(request_.body.size());
    }
    co_return status;
  }

  Task<int> read_sized_body(std::size_t size) {
    body_ = loop_.buffers().take(size + kBodyPaddingBytes);
    std::size_t have = in_used_ - in_taken_;
    if (!co_await charge_up_to(have)) co_return -1;
    grow_body(have, size + kBodyPaddingBytes);
    std::copy_n(in_.data() + in_taken_, have, body_.data());
    in_taken_ = in_used_;
    while (have < size) {
      if (have == charge_.taken() && !co_await charge_up_to(have + 1)) co_return -1;
      const std::size_t until = std::min(size, charge_.taken());
      grow_body(until, size + kBodyPaddingBytes);
      const boost::asio::mutable_buffer space(body_.data() + have, until - have);
      auto [error, count] = co_await transport_.read_some(space);
      if (error) co_return -1;
      have += count;
      body_came(count);
    }
    request_.body = ByteView(body_.data(), size);
    request_.body_padding = body_.size() - size;
    co_return 0;
  }

  void body_came(std::size_t count) {
    body_received += count;
    if (body_received < progress_mark_) return;
    progress_mark_ = body_received + kBodyProgressBytes;
    enter(Phase::body, loop_.options().body_timeout);
  }

  /// Makes room for `needed` bytes, growing in doubling steps so that a slow sender never holds memory it did not fill.
  void grow_body(std::size_t needed, std::size_t size) {
    if (body_.size() >= needed) return;
    if (body_.capacity() >= needed) return body_.resize(std::min(body_.capacity(), std::max(needed, size)));
    body_.resize(std::min(size, std::max(needed, 2 * body_.size())));
  }

  Task<int> read_chunked_body() {
    Buffer raw(in_.begin() + static_cast<std::ptrdiff_t>(in_taken_),
               in_.begin() + static_cast<std::ptrdiff_t>(in_used_));
    in_used_ = in_taken_;
    std::size_t raw_used = raw.size();
    body_ = loop_.buffers().take(kBodyChargeBytes);
    body_.clear();
    int status = 0;
    for (;;) {
      if (!co_await charge_up_to(body_.size() + raw_used)) co_return -1;
      const std::size_t used = parser_.parse_chunked(ByteView(raw.data(), raw_used), body_, status);
      std::copy(raw.begin() + static_cast<std::ptrdiff_t>(used), raw.begin() + static_cast<std::ptrdiff_t>(raw_used),
                raw.begin());
      raw_used -= used;
      if (status != 0) co_return status;
      if (parser_.body_done()) break;
      if (raw_used >= kChunkLineMax) co_return 400;
      raw.resize(raw_used + kChunkReadBytes);
      const boost::asio::mutable_buffer space(raw.data() + raw_used, kChunkReadBytes);
      auto [error, count] = co_await transport_.read_some(space);
      if (error) co_return -1;
      raw_used += count;
      body_came(count);
    }
    pipelined_.assign(raw.begin(), raw.begin() + static_cast<std::ptrdiff_t>(raw_used));
    request_.body = ByteView(body_.data(), body_.size());
    co_return 0;
  }

  /// Waits until `bytes` (rounded up) are charged. Result  false when the session was cut meanwhile.
  Task<bool> charge_up_to(std::size_t bytes) {
    const std::size_t wanted = (bytes + kBodyChargeBytes - 1) / kBodyChargeBytes * kBodyChargeBytes;
    if (wanted <= charge_.taken()) co_return true;
    while (!charge_.take(wanted - charge_.taken())) {
      waits_for_memory = true;
      boost::asio::steady_timer timer(loop_.context(), Milliseconds(3));
      (void)co_await timer.async_wait(kUseTuple);
      if (!transport_.is_open()) co_return false;
    }
    waits_for_memory = false;
    co_return true;
  }

  /// A refused body that has arrived whole already is stepped over; any other one ends the connection.
  void skip_small_body() {
    if (!request_.has_body() || unread_body_) return;
    const std::size_t size = request_.content_length.value_or(0);
    if (!request_.chunked && in_used_ - in_taken_ >= size)
      in_taken_ += size;
    else
      unread_body_ = true;
  }

  Task<void> refuse(int status) {
    loop_.metrics().request_faults.add();
    keep_alive_ = false;
    Response response = bare_response(status);
    const bool sent = co_await write(std::move(response));
    if (sent) co_await discard();
  }

  Task<bool> write(Response response) {
    enter(Phase::writing, loop_.options().write_timeout);
    if (unread_body_) keep_alive_ = false;
    out_.clear();
    append_response_head(out_, response, keep_alive_, BodyFraming::sized, loop_.date(), loop_.request_ids());
    std::array<boost::asio::const_buffer, 2> parts{boost::asio::buffer(out_), boost::asio::const_buffer()};
    const ByteView content = head_only_ ? ByteView() : response.content();
    if (content.size() <= kJoinedBytesMax) {
      out_.append(as_text(content));
      parts[0] = boost::asio::buffer(out_);
    } else {
      parts[1] = boost::asio::const_buffer(content.data(), content.size());
    }
    auto [error, count] = co_await transport_.write(parts);
    loop_.metrics().requests.add();
    loop_.metrics().response_bytes.add(content.size());
    loop_.buffers().give_back(std::move(response.body));
    loop_.texts().give_back(std::move(response.text));
    co_return !error;
  }

  /// Sends a streamed body. It ends early, but cleanly, when the loop drains.
  Task<bool> write_stream(Response response) {
    const BodyFraming framing = parser_.knows_chunks() ? BodyFraming::chunked : BodyFraming::until_close;
    if (framing == BodyFraming::until_close || unread_body_) keep_alive_ = false;
    stream_ = std::move(response.stream);
    stream_cancelled_ = false;
    PeerWatch<Transport> watch(transport_, [this] { cut(); });
    out_.clear();
    append_response_head(out_, response, keep_alive_, framing, loop_.date(), loop_.request_ids());
    enter(Phase::writing, loop_.options().write_timeout);
    co_await let_request_end();
    bool sent = co_await write_text(out_);
    if (sent && loop_is_draining(*this)) end_stream();
    while (sent && !stream_cancelled_) {
      phase = Phase::streaming;
      deadline = SteadyTime::max();
      std::optional<Buffer> piece = co_await next_piece();
      if (!piece || stream_cancelled_) break;
      if (!piece->empty()) sent = co_await write_piece(*std::move(piece), framing);
    }
    stream_.reset();
    enter(Phase::writing, loop_.options().write_timeout);
    if (framing == BodyFraming::chunked && sent && transport_.is_open() && !stream_failed_)
      sent = co_await write_text("0\r\n\r\n");
    loop_.metrics().requests.add();
    co_return sent && !stream_failed_ && transport_.is_open();
  }

  /// aws-sdk-go-v2 closes a request's body as soon as it has the head of the answer. When that is some 50 us after the
  /// last byte, as on the same machine, Go's net/http may have sent the body but not yet read its end; it takes that
  /// for a failed request and closes the connection with the stream on it. Measured in tests/clients/README.md.
  Task<void> let_request_end() {
    boost::asio::steady_timer timer(loop_.context(), kStreamHeadDelay);
    (void)co_await timer.async_wait(kUseTuple);
  }

  Task<std::optional<Buffer>> next_piece() {
    try {
      co_return co_await stream_->next();
    } catch (const std::exception& fault) {
      loop_.metrics().handler_faults.add();
      loop_.logger().error("a streamed answer ended in an internal error", {{"error", fault.what()}});
    }
    stream_failed_ = true;  // without a last chunk the client sees that something is missing
    co_return std::nullopt;
  }

  Task<bool> write_piece(Buffer piece, BodyFraming framing) {
    enter(Phase::writing, loop_.options().write_timeout);
    const std::size_t size = piece.size();
    out_.clear();
    if (framing == BodyFraming::chunked) {
      append_chunk_size(out_, size);
      append(piece, as_bytes("\r\n"));
    }
    std::array<boost::asio::const_buffer, 2> parts{boost::asio::buffer(out_), boost::asio::buffer(piece)};
    auto [error, count] = co_await transport_.write(parts);
    loop_.metrics().response_bytes.add(size);
    loop_.buffers().give_back(std::move(piece));
    co_return !error;
  }

  void end_stream() {
    if (!stream_ || stream_cancelled_) return;
    stream_cancelled_ = true;
    stream_->cancel();
  }

  Task<bool> write_text(std::string_view text) {
    std::array<boost::asio::const_buffer, 2> parts{boost::asio::buffer(text), boost::asio::const_buffer()};
    auto [error, count] = co_await transport_.write(parts);
    co_return !error;
  }

  /// Reads what the client still sends, so that it gets to see the answer before the connection is reset.
  Task<void> discard() {
    enter(Phase::closing, Milliseconds(10'000));
    transport_.end_of_writing();
    if (in_.size() < kIdleBufferBytes) in_.resize(kIdleBufferBytes);
    for (std::size_t dropped = 0; dropped < kDiscardBytesMax;) {
      const boost::asio::mutable_buffer space(in_.data(), in_.size());
      auto [error, count] = co_await transport_.read_some(space);
      if (error) break;
      dropped += count;
    }
  }

  void finish_request() {
    charge_.release();
    loop_.buffers().give_back(std::move(body_));
    body_ = {};
    request_.body = {};
    parser_.reset();
  }

  /// Drops the bytes of the last request and keeps what was pipelined behind it.
  void compact() {
    std::copy(in_.begin() + static_cast<std::ptrdiff_t>(in_taken_), in_.begin() + static_cast<std::ptrdiff_t>(in_used_),
              in_.begin());
    in_used_ -= in_taken_;
    in_taken_ = 0;
    if (!pipelined_.empty()) {
      if (in_.size() < in_used_ + pipelined_.size()) in_.resize(in_used_ + pipelined_.size());
      std::copy(pipelined_.begin(), pipelined_.end(), in_.begin() + static_cast<std::ptrdiff_t>(in_used_));
      in_used_ += pipelined_.size();
      pipelined_ = {};
    }
    if (in_used_ == 0 && in_.size() > kIdleBufferBytes) {
      in_ = Buffer(kIdleBufferBytes);
      out_ = {};
    }
  }

  static constexpr std::size_t kJoinedBytesMax = 16 * 1024;
  static constexpr std::size_t kChunkReadBytes = 16 * 1024;
  static constexpr std::size_t kChunkLineMax = 8 * 1024;
  static constexpr Milliseconds kStreamHeadDelay{2};

  EventLoop& loop_;
  Transport transport_;
  RequestHandler& handler_;
  HeadParser parser_;
  HeadScan scan_;
  BodyCharge charge_;
  std::string peer_;
  Request request_;
  Buffer in_;  ///< [0, in_taken_) is the running request, [in_taken_, in_used_) what follows it
  std::size_t in_used_ = 0;
  std::size_t in_taken_ = 0;
  Buffer body_;
  Buffer pipelined_;
  std::string out_;
  std::unique_ptr<BodyStream> stream_;  ///< while its answer is sent
  bool stream_cancelled_ = false;
  bool stream_failed_ = false;
  bool fresh_ = true;  ///< no request yet
  bool found_preface_ = false;
  bool handed_over_ = false;
  bool keep_alive_ = true;
  std::size_t progress_mark_ = 0;  ///< body_received at which the body's deadline moves on
  bool unread_body_ = false;
  bool head_only_ = false;  ///< HEAD: answers have no content
  bool gone_ = false;
};

}  // namespace forebay::gateway::http
