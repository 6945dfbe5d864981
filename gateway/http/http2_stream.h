#pragma once

#include <cstdint>
#include <memory>

#include "gateway/http/body_budget.h"
#include "gateway/http/http2_head.h"
#include "gateway/http/response.h"

namespace forebay::gateway::http {

/// One request and its answer on an HTTP/2 connection. Shared by the connection and the handler that works on it: when
/// the stream is closed early, the handler's result is dropped.
struct Http2Stream {
  enum class Stage : std::uint8_t { head, body, ready, handling, answering };

  Http2Stream(std::int32_t stream_id, const HttpOptions& options, BodyBudget& budget)
      : id(stream_id), head(options), charge(budget) {}

  std::int32_t id;
  Stage stage = Stage::head;
  bool gone = false;          ///< closed on the wire
  bool far_end_done = false;  ///< the request has ended
  SteadyTime deadline = SteadyTime::max();

  Http2Head head;
  Request request;
  Buffer body;
  BodyCharge charge;
  SteadyTime body_started{};
  std::size_t progress_mark = 0;  ///< bytes of the body at which its deadline moves on
  std::size_t unpaid = 0;         ///< bytes of the body in memory that the budget has not granted yet

  bool answered = false;  ///< and only the request has not ended yet
  Response response;
  std::size_t queued = 0;  ///< bytes of `response` that wait for the far end's window
  std::size_t sent = 0;    ///< of the response's content, or of `piece`
  Buffer piece;            ///< of response.stream, on its way
  bool pulling = false;    ///< response.stream->next() runs
  bool stream_ended = false;
};

using Http2StreamPtr = std::shared_ptr<Http2Stream>;

}  // namespace forebay::gateway::http
