// The half of Http2Connection that answers, and how streams and the connection end.
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <vector>

#include "gateway/http/http2_connection.h"
#include "gateway/http/http2_reply_head.h"

namespace forebay::gateway::http {

namespace {
constexpr std::size_t kShortAnswerBytes = 16 * 1024;
constexpr Milliseconds kUnreadRequestPatience{1'000};

// The library's vectors are not const, but it copies what they point to.
std::uint8_t* bytes_of(std::string_view text) {
  return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
}
}  // namespace

void Http2Connection::refuse(Http2Stream& stream, int status) {
  loop_.metrics().request_faults.add();
  answer(stream, bare_response(status));
}

void Http2Connection::answer(Http2Stream& stream, Response response) {
  if (stream.gone) return;
  end_body(stream);
  stream.stage = Http2Stream::Stage::answering;
  const bool head_only = stream.request.method == "HEAD";
  stream.request = Request();
  loop_.buffers().give_back(std::move(stream.body));
  stream.body = {};
  stream.charge.release();
  stream.response = std::move(response);
  stream.deadline = loop_.clock().steady_now() + loop_.options().write_timeout;
  const std::size_t size = head_only ? 0 : stream.response.content().size();
  stream.queued = size;
  queued_answer_bytes_ += size;
  if (shutting_down_ && stream.response.stream) stream.stream_ended = true;
  submit_head(stream, size > 0 || (stream.response.stream && !head_only));
}

void Http2Connection::submit_head(Http2Stream& stream, bool has_content) {
  const Http2ReplyHead head(stream.response, loop_.date(), loop_.request_ids());
  std::vector<nghttp2_nv> fields;
  fields.reserve(head.fields().size());
  for (const Http2ReplyHead::Field& field : head.fields()) {
    const std::uint8_t flags = field.varies ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE;
    fields.push_back({bytes_of(field.name), bytes_of(field.value), field.name.size(), field.value.size(), flags});
  }
  nghttp2_data_provider provider{};
  provider.source.ptr = &stream;
  provider.read_callback = [](nghttp2_session*, std::int32_t, std::uint8_t*, std::size_t length, std::uint32_t* flags,
                              nghttp2_data_source* source, void* user) -> ssize_t {
    return static_cast<Http2Connection*>(user)->next_length(*static_cast<Http2Stream*>(source->ptr), length, *flags);
  };
  nghttp2_submit_response(session_.get(), stream.id, fields.data(), fields.size(), has_content ? &provider : nullptr);
  if (!stream.response.stream && stream.response.content().size() <= kShortAnswerBytes) return;
  // Long answers take turns instead of one waiting for the other's end.
  const nghttp2_extpri take_turns{NGHTTP2_EXTPRI_DEFAULT_URGENCY, 1};
  nghttp2_session_change_extpri_stream_priority(session_.get(), stream.id, &take_turns, 1);
}

/// How much the next DATA frame takes. Called only when the windows allow at least one byte.
long Http2Connection::next_length(Http2Stream& stream, std::size_t length_max, std::uint32_t& flags) {
  const bool streamed = stream.response.stream || stream.stream_ended;
  const ByteView content = streamed ? ByteView(stream.piece) : stream.response.content();
  const std::size_t rest = content.size() - stream.sent;
  if (streamed && rest == 0) {
    if (stream.stream_ended) {
      flags |= NGHTTP2_DATA_FLAG_EOF;
      return 0;
    }
    if (!stream.pulling) {
      stream.pulling = true;
      stream.deadline = SteadyTime::max();
      events_.on_wanted(find(stream.id));
    }
    return NGHTTP2_ERR_DEFERRED;
  }
  const std::size_t length = std::min(rest, length_max);
  flags |= NGHTTP2_DATA_FLAG_NO_COPY;
  if (!streamed && length == rest) flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<long>(length);
}

int Http2Connection::append_data(Http2Stream& stream, ByteView frame_head, std::size_t length) {
  const bool streamed = stream.response.stream || stream.stream_ended;
  const ByteView content = streamed ? ByteView(stream.piece) : stream.response.content();
  append(*out_, frame_head);
  append(*out_, content.subspan(stream.sent, length));
  stream.sent += length;
  stream.deadline = now_ + loop_.options().write_timeout;
  if (!streamed) {
    stream.queued -= length;
    queued_answer_bytes_ -= length;
  }
  meter_.earn(FloodMeter::kPerDataFrame);
  loop_.metrics().response_bytes.add(length);
  return out_->size() >= out_max_ ? NGHTTP2_ERR_PAUSE : 0;
}

void Http2Connection::deliver(Http2Stream& stream, std::optional<Buffer> piece) {
  stream.pulling = false;
  if (!piece || shutting_down_) {
    stream.stream_ended = true;
    stream.response.stream.reset();
    piece.reset();
  }
  loop_.buffers().give_back(std::move(stream.piece));
  stream.piece = piece ? *std::move(piece) : Buffer();
  stream.sent = 0;
  stream.deadline = loop_.clock().steady_now() + loop_.options().write_timeout;
  nghttp2_session_resume_data(session_.get(), stream.id);
}

void Http2Connection::abort(Http2Stream& stream) { reset(stream, NGHTTP2_INTERNAL_ERROR); }

void Http2Connection::answer_sent(Http2Stream& stream) {
  loop_.metrics().requests.add();
  meter_.earn(FloodMeter::kPerAnswer);
  if (stream.far_end_done) return;
  // The far end may send what its window allows and see the answer meanwhile; clients lose an answer when the reset
  // comes with it.
  stream.answered = true;
  stream.deadline = now_ + kUnreadRequestPatience;
}

void Http2Connection::collect(Buffer& out, std::size_t bytes_max) {
  now_ = loop_.clock().steady_now();
  out_ = &out;
  out_max_ = bytes_max;
  while (out.size() < bytes_max) {
    const std::uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_.get(), &bytes);
    if (size > 0) append(out, ByteView(bytes, static_cast<std::size_t>(size)));
    if (size > 0 || (size == 0 && out.size() >= bytes_max)) continue;
    const bool ended_before = terminated_;
    if (size == 0) end_when_empty();
    if (size < 0 || terminated_ == ended_before) break;
  }
  out_ = nullptr;
}

bool Http2Connection::has_output() const {
  return nghttp2_session_want_write(session_.get()) != 0 || (shutting_down_ && streams_.empty() && !terminated_);
}

bool Http2Connection::finished() const { return terminated_ && nghttp2_session_want_write(session_.get()) == 0; }

// --- how things end

void Http2Connection::closed(std::int32_t id) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  const Http2StreamPtr stream = found->second;
  streams_.erase(found);
  end_body(*stream);
  forget(*stream);
  if (streams_.empty()) narrow_window();
}

void Http2Connection::forget(Http2Stream& stream) {
  stream.gone = true;
  Response& response = stream.response;
  queued_answer_bytes_ -= std::exchange(stream.queued, 0);
  loop_.buffers().give_back(std::move(response.body));
  loop_.texts().give_back(std::move(response.text));
  response.body = {};
  response.text = {};
  if (!response.stream) return;
  response.stream->cancel();
  if (!stream.pulling) response.stream.reset();
}

void Http2Connection::reset(Http2Stream& stream, std::uint32_t code) {
  stream.deadline = SteadyTime::max();
  nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream.id, code);
}

void Http2Connection::shut_down() {
  if (shutting_down_ || terminated_) return;
  shutting_down_ = true;
  if (streams_.empty()) return;
  nghttp2_submit_shutdown_notice(session_.get());
  for (const auto& [id, stream] : streams_) {
    if (!stream->response.stream) continue;
    stream->response.stream->cancel();
    if (stream->pulling) continue;
    stream->stream_ended = true;
    stream->response.stream.reset();
  }
}

void Http2Connection::end_when_empty() {
  if (!shutting_down_ || terminated_ || !streams_.empty()) return;
  terminated_ = true;
  nghttp2_session_terminate_session(session_.get(), NGHTTP2_NO_ERROR);
}

void Http2Connection::terminate(std::uint32_t code) {
  if (terminated_) return;
  terminated_ = true;
  nghttp2_session_terminate_session(session_.get(), code);
  if (code != NGHTTP2_ENHANCE_YOUR_CALM) return;
  loop_.metrics().floods.add();
  loop_.logger().warning("connection ended: it flooded the gateway with HTTP/2 frames", {{"peer", peer_}});
}

std::size_t Http2Connection::expire(SteadyTime now) {
  std::size_t count = 0;
  for (const auto& [id, stream] : streams_) {
    if (stream->deadline > now) continue;
    if (stream->stage == Http2Stream::Stage::head) terminate(NGHTTP2_ENHANCE_YOUR_CALM);
    reset(*stream, stream->answered ? NGHTTP2_NO_ERROR : NGHTTP2_CANCEL);
    if (!stream->answered) ++count;
  }
  return count;
}

void Http2Connection::drop_slowest_body(SteadyTime now) {
  Http2Stream* slowest = nullptr;
  double slowest_rate = 0;
  for (const auto& [id, stream] : streams_) {
    if (stream->stage != Http2Stream::Stage::body) continue;
    const double seconds = std::chrono::duration<double>(now - stream->body_started).count() + 0.001;
    const double rate = static_cast<double>(stream->body.size()) / seconds;
    if (slowest && rate >= slowest_rate) continue;
    slowest = stream.get();
    slowest_rate = rate;
  }
  if (slowest)
    answer(*slowest, text_response(503, "application/x-amz-json-1.1", "{\"__type\":\"ServiceUnavailable\"}"));
}

void Http2Connection::close_streams() {
  auto streams = std::exchange(streams_, {});
  for (const auto& [id, stream] : streams) forget(*stream);
  bodies_ = 0;
}

}  // namespace forebay::gateway::http
