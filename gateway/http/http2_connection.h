#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

#include "gateway/http/event_loop.h"
#include "gateway/http/flood_meter.h"
#include "gateway/http/handler.h"
#include "gateway/http/http2_stream.h"

struct nghttp2_session;

namespace forebay::gateway::http {

/// Bytes of a body that a stream may send before any of them was granted.
inline constexpr std::uint32_t kHttp2StreamWindow = 1u << 20;

/// What an Http2Connection tells its session. Called while bytes are received or collected: note it, act later.
class Http2Events {
 public:
  /// The head is complete and sound. A response refuses the request.
  virtual std::optional<Response> admit(Request& request) = 0;
  /// The request is complete (stage ready): hand it to the handler.
  virtual void on_request(Http2StreamPtr stream) = 0;
  /// The far end's window allows another piece of response.stream: deliver() it.
  virtual void on_wanted(Http2StreamPtr stream) = 0;

 protected:
  ~Http2Events() = default;
};

/// The protocol of one HTTP/2 connection, without any I/O: bytes in, bytes out, streams between (libnghttp2 behind one
/// file). Request bodies are charged to the loop's budget: a window opens again only for bytes that were granted.
/// Floods of frames that carry nothing end the connection (flood_meter.h).
/// Threads  one event loop.
class Http2Connection {
 public:
  Http2Connection(EventLoop& loop, Http2Events& events, std::string_view peer);
  ~Http2Connection();

  /// Takes bytes from the far end, the client preface first.
  void receive(ByteView bytes);
  /// Appends what is to be sent next, until `out` has about `bytes_max`.
  void collect(Buffer& out, std::size_t bytes_max);
  [[nodiscard]] bool has_output() const;
  /// Nothing more will be received: after the last output the connection may be closed.
  [[nodiscard]] bool finished() const;

  /// Sends the answer of a stream, unless it is gone.
  void answer(Http2Stream& stream, Response response);
  /// The next piece of a streamed answer; none ends it. Not for a stream that is gone.
  void deliver(Http2Stream& stream, std::optional<Buffer> piece);
  /// Ends a stream whose answer cannot be completed.
  void abort(Http2Stream& stream);

  /// True when the budget refused a body: ask_for_memory() in a moment.
  [[nodiscard]] bool memory_refused() const { return memory_refused_; }
  /// Asks the budget again for bodies it refused; some may be complete then. Result  true when some still wait.
  bool ask_for_memory();
  /// Announces the end (GOAWAY): running requests are answered, streamed answers end, then finished() holds.
  void shut_down();
  /// Gives up streams whose deadline has passed. Result  how many.
  std::size_t expire(SteadyTime now);
  /// Gives up the request body that has come most slowly.
  void drop_slowest_body(SteadyTime now);
  /// Forgets all streams: the connection is closed.
  void close_streams();

  [[nodiscard]] std::size_t stream_count() const { return streams_.size(); }
  [[nodiscard]] std::size_t queued_answer_bytes() const { return queued_answer_bytes_; }
  /// Bodies that arrive now; since when without a break, and how many bytes came since then.
  [[nodiscard]] std::size_t bodies() const { return bodies_; }
  [[nodiscard]] SteadyTime bodies_since() const { return bodies_since_; }
  [[nodiscard]] std::size_t bodies_bytes() const { return bodies_bytes_; }

 private:
  struct Glue;
  struct FreeSession {
    void operator()(nghttp2_session* session) const;
  };

  Http2StreamPtr find(std::int32_t id) const;
  void begin(std::int32_t id);
  void head_done(const Http2StreamPtr& stream, bool ends);
  int admit(Http2Stream& stream, bool ends, std::optional<Response>& refusal);
  void begin_body(Http2Stream& stream);
  void end_body(Http2Stream& stream);
  void take_data(std::int32_t id, ByteView data);
  bool pay(Http2Stream& stream);
  void request_done(const Http2StreamPtr& stream);
  void refuse(Http2Stream& stream, int status);
  void submit_head(Http2Stream& stream, bool has_content);
  long next_length(Http2Stream& stream, std::size_t length_max, std::uint32_t& flags);
  int append_data(Http2Stream& stream, ByteView frame_head, std::size_t length);
  void answer_sent(Http2Stream& stream);
  void closed(std::int32_t id);
  void forget(Http2Stream& stream);
  void reset(Http2Stream& stream, std::uint32_t code);
  void widen_window();
  void narrow_window();
  void count_frame(std::uint8_t type, std::uint8_t flags, std::size_t size);
  void spend(double amount);
  void terminate(std::uint32_t code);
  void end_when_empty();

  EventLoop& loop_;
  Http2Events& events_;
  std::string_view peer_;
  SteadyTime now_;
  FloodMeter meter_;
  std::unordered_map<std::int32_t, Http2StreamPtr> streams_;
  BodyCharge window_charge_;  ///< for the part of the connection's window that goes beyond the smallest
  std::size_t bodies_ = 0;    ///< streams in stage body
  SteadyTime bodies_since_{};
  std::size_t bodies_bytes_ = 0;
  std::size_t queued_answer_bytes_ = 0;
  bool memory_refused_ = false;
  bool shutting_down_ = false;
  bool terminated_ = false;
  Buffer* out_ = nullptr;  ///< where collect() appends
  std::size_t out_max_ = 0;
  std::unique_ptr<nghttp2_session, FreeSession> session_;
};

}  // namespace forebay::gateway::http
