// One HTTP/2 connection without a socket: whatever arrives, the output is a sequence of whole frames, memory stays
// bounded, and all of it is given back.
#include <algorithm>
#include <deque>

#include "gateway/http/http2_connection.h"
#include "tests/fuzz/targets.h"
#include "tests/support/log_capture.h"
#include "tests/support/manual_clock.h"
#include "tests/support/seeded_entropy.h"

namespace forebay::fuzz {
namespace {

using namespace gateway::http;

constexpr std::string_view kOpening{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33};
constexpr std::size_t kBodyMemory = 256 * 1024;
constexpr std::size_t kFrameBytesMax = 9 + 16384;
constexpr std::size_t kStreamsMax = 64;

/// Streams are answered from deliver(), never pulled from here.
class NoPieces final : public BodyStream {
 public:
  Task<std::optional<Buffer>> next() override { co_return std::nullopt; }
};

class Rig final : public Http2Events {
 public:
  Rig() { options_.streams_max = kStreamsMax; }
  ~Rig() = default;

  void run(ByteView input, std::size_t piece) {
    {
      Http2Connection connection(loop_, *this, "192.0.2.1");
      while (!input.empty() && !connection.finished()) {
        const std::size_t count = std::min(piece, input.size());
        connection.receive(input.first(count));
        input = input.subspan(count);
        clock_.advance(Milliseconds(20));
        work(connection);
      }
      connection.expire(clock_.steady_now());
      connection.drop_slowest_body(clock_.steady_now());
      work(connection);
      connection.shut_down();
      work(connection);
      connection.close_streams();
      ready_.clear();
      wanted_.clear();
    }
    require(budget_.used() == 0, "all memory of bodies is given back");
    check_frames();
  }

 private:
  std::optional<Response> admit(Request& request) override {
    require(!request.method.empty() && !request.path.empty(), "an admitted request has a method and a path");
    if (request.path == "/refused") return bare_response(403);
    return std::nullopt;
  }
  void on_request(Http2StreamPtr stream) override { ready_.push_back(std::move(stream)); }
  void on_wanted(Http2StreamPtr stream) override { wanted_.push_back(std::move(stream)); }

  void work(Http2Connection& connection) {
    for (int turn = 0; turn < 64; ++turn) {
      if (connection.memory_refused()) (void)connection.ask_for_memory();
      answer_all(connection);
      const std::size_t before = out_.size();
      connection.collect(out_, out_.size() + 32 * 1024);
      require(out_.size() - before <= 32 * 1024 + 4 * kFrameBytesMax, "output stays near what was asked for");
      require(connection.stream_count() <= kStreamsMax + 1, "streams stay within their limit");
      require(budget_.used() <= kBodyMemory, "bodies stay within their memory");
      if (out_.size() == before && ready_.empty() && wanted_.empty()) return;
    }
  }

  void answer_all(Http2Connection& connection) {
    while (!ready_.empty()) {
      const Http2StreamPtr stream = std::move(ready_.front());
      ready_.pop_front();
      if (stream->gone) continue;
      const Request& request = stream->request;
      require(request.body.empty() || request.body.size() + request.body_padding <= stream->body.size(),
              "a body and the room behind it are inside its memory");
      require(!request.content_length || request.body.size() == *request.content_length,
              "a body has the length that was declared");
      stream->stage = Http2Stream::Stage::handling;
      connection.answer(*stream, response_to(stream->request));
    }
    while (!wanted_.empty()) {
      const Http2StreamPtr stream = std::move(wanted_.front());
      wanted_.pop_front();
      stream->pulling = false;
      if (stream->gone) continue;
      if (++pieces_ % 16 == 15)
        connection.abort(*stream);
      else
        connection.deliver(*stream, pieces_ % 4 == 3 ? std::nullopt : std::optional(Buffer(3000, 'p')));
    }
  }

  static Response response_to(const Request& request) {
    if (request.path != "/stream") return text_response(200, "text/plain", std::string(request.body.size() + 100, 'a'));
    Response response;
    response.stream = std::make_unique<NoPieces>();
    return response;
  }

  void check_frames() const {
    ByteView rest(out_);
    while (!rest.empty()) {
      require(rest.size() >= 9, "output ends with a whole frame");
      const std::size_t size = 9 + (std::size_t{rest[0]} << 16 | std::size_t{rest[1]} << 8 | rest[2]);
      require(size <= kFrameBytesMax && size <= rest.size(), "output is made of whole frames");
      rest = rest.subspan(size);
    }
  }

  test::ManualClock clock_;
  test::SeededEntropy entropy_{1};
  test::LogCapture log_;
  MetricsRegistry registry_;
  HttpMetrics metrics_{registry_};
  HttpOptions options_;
  BodyBudget budget_{kBodyMemory, metrics_.body_memory};
  EventLoop loop_{LoopServices{clock_, entropy_, budget_, metrics_, options_, Logger(log_, "http")}, 0};
  std::deque<Http2StreamPtr> ready_;
  std::deque<Http2StreamPtr> wanted_;
  std::size_t pieces_ = 0;
  Buffer out_;
};

}  // namespace

/// The first byte says how the rest arrives: with or without the preface and empty settings, and in pieces of what
/// size.
void http2(ByteView input) {
  if (input.empty()) return;
  const std::uint8_t how = input[0];
  Buffer bytes;
  if ((how & 1) == 0) bytes = to_buffer(as_bytes(kOpening));
  append(bytes, input.subspan(1));
  Rig().run(bytes, (how & 2) == 0 ? 4096 : 1 + (how >> 2));
}

}  // namespace forebay::fuzz
