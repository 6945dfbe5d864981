#include "gateway/http/http2_connection.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <iterator>

#include "base/assert.h"

namespace forebay::gateway::http {

namespace {
constexpr std::int32_t kNarrowWindow = 65'535;  ///< what every connection begins with
constexpr std::int32_t kWideWindow = 1 << 20;
constexpr std::size_t kStreamBytes = 2048;  ///< what a stream holds beside its head and body, roughly
constexpr std::size_t kSmallChargeBytes = 4096;
constexpr double kBadFrameCost = 10;

std::size_t round_up(std::size_t size, std::size_t unit) { return (size + unit - 1) / unit * unit; }

/// Bytes a body of this size is charged for.
std::size_t charge_of(std::size_t body) {
  return round_up(body, body < kBodyChargeBytes ? kSmallChargeBytes : kBodyChargeBytes);
}

double cost_of(std::uint8_t type, std::uint8_t flags, std::size_t size) {
  switch (type) {
    case NGHTTP2_DATA: return size == 0 && (flags & NGHTTP2_FLAG_END_STREAM) == 0 ? 1 : 0;
    case NGHTTP2_HEADERS: return 0;
    case NGHTTP2_SETTINGS: return (flags & NGHTTP2_FLAG_ACK) != 0 ? 0 : 1;
    case NGHTTP2_RST_STREAM: return FloodMeter::kResetCost;
    default: return 1;
  }
}
}  // namespace

/// The library's callbacks, which only find their connection and stream.
struct Http2Connection::Glue {
  static Http2Connection& self(void* user) { return *static_cast<Http2Connection*>(user); }

  static int on_begin_frame(nghttp2_session*, const nghttp2_frame_hd* head, void* user) {
    self(user).count_frame(head->type, head->flags, head->length);
    return 0;
  }
  static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
      self(user).begin(frame->hd.stream_id);
    return 0;
  }
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                       const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) {
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    if (const Http2StreamPtr stream = self(user).find(frame->hd.stream_id))
      stream->head.add(as_text({name, name_size}), as_text({value, value_size}));
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    const bool ends = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    const bool is_head = frame->hd.type == NGHTTP2_HEADERS;
    if (!is_head && (frame->hd.type != NGHTTP2_DATA || !ends)) return 0;
    const Http2StreamPtr stream = self(user).find(frame->hd.stream_id);
    if (!stream) return 0;
    if (is_head && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
      self(user).head_done(stream, ends);
    } else if (ends) {
      self(user).request_done(stream);
    }
    return 0;
  }
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data, std::size_t size,
                     void* user) {
    self(user).take_data(id, ByteView(data, size));
    return 0;
  }
  static int on_invalid_frame(nghttp2_session*, const nghttp2_frame*, int, void* user) {
    self(user).spend(kBadFrameCost);
    return 0;
  }
  /// Frames of types nobody knows, which the protocol has us ignore.
  static int on_unknown_frame(nghttp2_session*, void**, const nghttp2_frame_hd* head, void* user) {
    self(user).count_frame(head->type, head->flags, head->length);
    return NGHTTP2_ERR_CANCEL;
  }
  static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
    self(user).closed(id);
    return 0;
  }
  static int on_frame_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    const bool ends = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (!ends || (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA)) return 0;
    if (const Http2StreamPtr stream = self(user).find(frame->hd.stream_id)) self(user).answer_sent(*stream);
    return 0;
  }
  static int send_data(nghttp2_session*, nghttp2_frame*, const std::uint8_t* frame_head, std::size_t length,
                       nghttp2_data_source* source, void* user) {
    constexpr std::size_t kFrameHeadBytes = 9;
    return self(user).append_data(*static_cast<Http2Stream*>(source->ptr), ByteView(frame_head, kFrameHeadBytes),
                                  length);
  }

  struct FreeCallbacks {
    void operator()(nghttp2_session_callbacks* callbacks) const { nghttp2_session_callbacks_del(callbacks); }
    void operator()(nghttp2_option* option) const { nghttp2_option_del(option); }
  };

  static std::unique_ptr<nghttp2_session_callbacks, FreeCallbacks> make_callbacks() {
    nghttp2_session_callbacks* made = nullptr;
    FB_ASSERT(nghttp2_session_callbacks_new(&made) == 0);
    nghttp2_session_callbacks_set_on_begin_frame_callback(made, on_begin_frame);
    nghttp2_session_callbacks_set_on_begin_headers_callback(made, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(made, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(made, on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, on_data);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(made, on_invalid_frame);
    nghttp2_session_callbacks_set_unpack_extension_callback(made, on_unknown_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(made, on_close);
    nghttp2_session_callbacks_set_on_frame_send_callback(made, on_frame_sent);
    nghttp2_session_callbacks_set_send_data_callback(made, send_data);
    return std::unique_ptr<nghttp2_session_callbacks, FreeCallbacks>(made);
  }

  static std::unique_ptr<nghttp2_option, FreeCallbacks> make_option() {
    nghttp2_option* made = nullptr;
    FB_ASSERT(nghttp2_option_new(&made) == 0);
    nghttp2_option_set_no_auto_window_update(made, 1);
    nghttp2_option_set_no_closed_streams(made, 1);
    nghttp2_option_set_max_outbound_ack(made, 256);
    for (unsigned type = NGHTTP2_CONTINUATION + 1; type <= 0xff; ++type)
      nghttp2_option_set_user_recv_extension_type(made, static_cast<std::uint8_t>(type));
    return std::unique_ptr<nghttp2_option, FreeCallbacks>(made);
  }

  static nghttp2_session* make_session(Http2Connection& connection) {
    static const auto callbacks = make_callbacks();
    static const auto option = make_option();
    nghttp2_session* made = nullptr;
    FB_ASSERT(nghttp2_session_server_new2(&made, callbacks.get(), &connection, option.get()) == 0);
    return made;
  }
};

void Http2Connection::FreeSession::operator()(nghttp2_session* session) const { nghttp2_session_del(session); }

Http2Connection::Http2Connection(EventLoop& loop, Http2Events& events, std::string_view peer)
    : loop_(loop),
      events_(events),
      peer_(peer),
      now_(loop.clock().steady_now()),
      meter_(now_),
      window_charge_(loop.budget()),
      session_(Glue::make_session(*this)) {
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, loop.options().streams_max},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kHttp2StreamWindow},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(loop.options().header_list_bytes_max)},
      {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
  };
  FB_ASSERT(nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, settings, std::size(settings)) == 0);
}

Http2Connection::~Http2Connection() = default;

Http2StreamPtr Http2Connection::find(std::int32_t id) const {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second;
}

// --- what comes in

void Http2Connection::receive(ByteView bytes) {
  if (terminated_) return;
  now_ = loop_.clock().steady_now();
  const ssize_t used = nghttp2_session_mem_recv(session_.get(), bytes.data(), bytes.size());
  if (used >= 0) return;
  const bool flooded = used == NGHTTP2_ERR_FLOODED;
  terminate(flooded ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_PROTOCOL_ERROR);
}

void Http2Connection::count_frame(std::uint8_t type, std::uint8_t flags, std::size_t size) {
  const double cost = cost_of(type, flags, size);
  if (cost > 0) spend(cost);
}

void Http2Connection::spend(double amount) {
  if (!meter_.spend(amount, now_)) terminate(NGHTTP2_ENHANCE_YOUR_CALM);
}

void Http2Connection::begin(std::int32_t id) {
  auto stream = std::make_shared<Http2Stream>(id, loop_.options(), loop_.budget());
  stream->deadline = now_ + loop_.options().header_timeout;
  streams_.emplace(id, std::move(stream));
}

void Http2Connection::head_done(const Http2StreamPtr& stream, bool ends) {
  Request& request = stream->request;
  stream->far_end_done = ends;
  if (!stream->charge.take(kStreamBytes + stream->head.size())) return reset(*stream, NGHTTP2_REFUSED_STREAM);
  const int head_status = stream->head.finish(request);
  request.peer = peer_;
  request.chunked = !ends && !request.content_length;
  std::optional<Response> refusal;
  const int status = head_status != 0 ? head_status : admit(*stream, ends, refusal);
  if (refusal) return answer(*stream, *std::move(refusal));
  if (status != 0) return refuse(*stream, status);
  if (ends) return request_done(stream);
  begin_body(*stream);
}

int Http2Connection::admit(Http2Stream& stream, bool ends, std::optional<Response>& refusal) {
  const Request& request = stream.request;
  try {
    refusal = events_.admit(stream.request);
  } catch (const std::exception& fault) {
    loop_.metrics().handler_faults.add();
    loop_.logger().error("a request ended in an internal error", {{"error", fault.what()}});
    return 500;
  }
  if (refusal) return 0;
  if (request.content_length.value_or(0) > loop_.options().body_bytes_max) return 413;
  const std::string_view expect = request.header("expect");
  if (expect.empty() || ends) return 0;
  if (expect != "100-continue" && expect != "100-Continue") return 417;
  std::uint8_t name[] = ":status";
  std::uint8_t value[] = "100";
  const nghttp2_nv field{name, value, sizeof(name) - 1, sizeof(value) - 1, NGHTTP2_NV_FLAG_NONE};
  nghttp2_submit_headers(session_.get(), NGHTTP2_FLAG_NONE, stream.id, nullptr, &field, 1, nullptr);
  return 0;
}

void Http2Connection::begin_body(Http2Stream& stream) {
  stream.stage = Http2Stream::Stage::body;
  stream.body_started = now_;
  stream.deadline = now_ + loop_.options().body_timeout;
  stream.progress_mark = kBodyProgressBytes;
  const std::size_t announced = stream.request.content_length.value_or(kBodyChargeBytes);
  stream.body = loop_.buffers().take(announced + kBodyPaddingBytes);
  stream.body.clear();
  if (announced > static_cast<std::size_t>(kNarrowWindow) / 2) widen_window();
  if (bodies_++ > 0) return;
  bodies_since_ = now_;
  bodies_bytes_ = 0;
}

void Http2Connection::take_data(std::int32_t id, ByteView data) {
  const Http2StreamPtr stream = find(id);
  if (!stream || stream->stage != Http2Stream::Stage::body) {
    // Bytes nobody waits for. The stream's window stays as it is, so there are few of them.
    nghttp2_session_consume_connection(session_.get(), data.size());
    return;
  }
  stream->unpaid += data.size();
  if (stream->body.size() + data.size() > loop_.options().body_bytes_max) return refuse(*stream, 413);
  append(stream->body, data);
  bodies_bytes_ += data.size();
  if (stream->body.size() >= stream->progress_mark) {
    stream->progress_mark = stream->body.size() + kBodyProgressBytes;
    stream->deadline = now_ + loop_.options().body_timeout;
  }
  pay(*stream);
}

/// Charges what has come and lets the far end send as much again. Result  false: the budget is spent.
bool Http2Connection::pay(Http2Stream& stream) {
  // Short bodies are charged whole, so that many of them do not wait for each other's second half.
  const std::size_t announced = std::min<std::size_t>(stream.request.content_length.value_or(0), kBodyChargeBytes);
  const std::size_t wanted = kStreamBytes + stream.head.size() + charge_of(std::max(stream.body.size(), announced));
  if (wanted > stream.charge.taken() && !stream.charge.take(wanted - stream.charge.taken())) {
    memory_refused_ = true;
    return false;
  }
  nghttp2_session_consume(session_.get(), stream.id, stream.unpaid);
  stream.unpaid = 0;
  return true;
}

bool Http2Connection::ask_for_memory() {
  memory_refused_ = false;
  now_ = loop_.clock().steady_now();
  for (const auto& [id, stream] : streams_) {
    if (stream->stage != Http2Stream::Stage::body || stream->unpaid == 0 || !pay(*stream)) continue;
    if (stream->far_end_done) request_done(stream);
  }
  return memory_refused_;
}

/// The body has ended or is given up: whatever came of it no longer counts against the connection's window.
void Http2Connection::end_body(Http2Stream& stream) {
  if (stream.stage != Http2Stream::Stage::body) return;
  // A stream that is open for minutes does not keep the room that bodies beside it took.
  if (--bodies_ == 0) narrow_window();
  if (stream.unpaid > 0) nghttp2_session_consume_connection(session_.get(), stream.unpaid);
  stream.unpaid = 0;
}

void Http2Connection::request_done(const Http2StreamPtr& stream) {
  stream->far_end_done = true;
  const bool had_body = stream->stage == Http2Stream::Stage::body;
  if (!had_body && stream->stage != Http2Stream::Stage::head) return;
  // A body that has come whole waits for its memory as any other.
  if (had_body && stream->unpaid > 0 && !pay(*stream)) return;
  if (had_body) {
    end_body(*stream);
    const std::size_t size = stream->body.size();
    stream->body.resize(size + kBodyPaddingBytes);
    stream->request.body = ByteView(stream->body.data(), size);
    stream->request.body_padding = kBodyPaddingBytes;
    loop_.metrics().request_bytes.add(size);
  }
  stream->stage = Http2Stream::Stage::ready;
  stream->deadline = SteadyTime::max();
  events_.on_request(stream);
}

void Http2Connection::widen_window() {
  if (window_charge_.taken() > 0 || !window_charge_.take(kWideWindow)) return;
  nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, 0, kWideWindow);
}

void Http2Connection::narrow_window() {
  if (window_charge_.taken() == 0) return;
  nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, 0, kNarrowWindow);
  window_charge_.release();
}

}  // namespace forebay::gateway::http
