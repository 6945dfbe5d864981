// Heads and chunked bodies of HTTP/1: the outcome depends neither on how the bytes were cut nor on a second reading,
// and what was accepted holds the rules that stand against request smuggling.
#include <algorithm>

#include "gateway/http/head_parser.h"
#include "gateway/http/head_scan.h"
#include "gateway/http/target_rules.h"
#include "tests/fuzz/targets.h"

namespace forebay::fuzz {
namespace {

using namespace gateway::http;

constexpr std::size_t kBodyBytesMax = 4096;

HeadScan::State scan_whole(ByteView input, std::size_t& head_size) {
  HeadScan scan;
  const auto state = scan.scan(input);
  head_size = scan.head_size();
  return state;
}

HeadScan::State scan_in_pieces(ByteView input, std::size_t& head_size) {
  HeadScan scan;
  auto state = HeadScan::State::incomplete;
  for (std::size_t size = 1; size <= input.size() && state == HeadScan::State::incomplete; ++size)
    state = scan.scan(input.first(size));
  head_size = scan.head_size();
  return state;
}

void check_accepted(const Request& request, const HttpOptions& options) {
  require(!request.method.empty() && request.path.starts_with('/'), "an accepted head has a method and a path");
  require(request.path.size() + request.query.size() <= options.target_bytes_max, "an accepted target fits its limit");
  require(valid_target(request.path), "an accepted path is a valid target");
  require(request.headers.size() <= options.header_fields_max, "an accepted head fits the limit of fields");
  require(!(request.chunked && request.content_length), "an accepted head frames its body in one way");
  std::size_t framings = 0;
  std::size_t hosts = 0;
  for (const auto& [name, value] : request.headers) {
    framings += name == "content-length" || name == "transfer-encoding" ? 1 : 0;
    hosts += name == "host" ? 1 : 0;
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    require(!name.empty() && std::none_of(name.begin(), name.end(), is_upper), "names are in lower case");
    const auto breaks_line = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    require(std::none_of(value.begin(), value.end(), breaks_line), "values hold no end of line");
  }
  require(framings <= 1, "at most one header frames the body");
  require(hosts <= 1, "at most one Host");
}

/// The head as an upstream server would write it reads the same.
void check_rewritten(const Request& request, bool knows_chunks, const HttpOptions& options) {
  std::string text(request.method);
  text.append(" ").append(request.path);
  if (!request.query.empty()) text.append("?").append(request.query);
  text += knows_chunks ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n";
  for (const auto& [name, value] : request.headers) text.append(name).append(": ").append(value).append("\r\n");
  text += "\r\n";
  if (text.size() > options.header_bytes_max) return;
  Buffer head = to_buffer(as_bytes(text));
  HeadParser parser(options);
  Request again;
  require(parser.parse_head(head, again) == 0, "a rewritten head is accepted");
  require(again.method == request.method && again.path == request.path && again.query == request.query &&
              again.headers == request.headers,
          "a rewritten head reads the same");
  require(again.chunked == request.chunked && again.content_length == request.content_length,
          "a rewritten head frames the same body");
}

struct BodyOutcome {
  Buffer body;
  bool done = false;
  int status = 0;
};

/// As the session does: what was not used is offered again with what comes next.
BodyOutcome read_body(Buffer head, ByteView bytes, std::size_t piece, const HttpOptions& options) {
  HeadParser parser(options);
  Request request;
  require(parser.parse_head(head, request) == 0, "a head is accepted twice");
  BodyOutcome out;
  Buffer held;
  while (!bytes.empty() && out.status == 0 && !parser.body_done()) {
    const std::size_t count = std::min(piece, bytes.size());
    append(held, bytes.first(count));
    bytes = bytes.subspan(count);
    const std::size_t used = parser.parse_chunked(held, out.body, out.status);
    require(used <= held.size(), "no more is used than was given");
    held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(used));
    require(out.body.size() <= options.body_bytes_max, "a body fits its limit");
  }
  out.done = out.status == 0 && parser.body_done();
  return out;
}

}  // namespace

void http1(ByteView input) {
  HttpOptions options;
  options.body_bytes_max = kBodyBytesMax;
  std::size_t head_size = 0;
  std::size_t size_in_pieces = 0;
  const auto state = scan_whole(input, head_size);
  require(scan_in_pieces(input, size_in_pieces) == state, "the end of a head does not depend on the pieces");
  if (state != HeadScan::State::complete) return;
  require(head_size == size_in_pieces && head_size <= input.size(), "the size of a head does not depend on the pieces");
  if (head_size > options.header_bytes_max) return;

  Buffer head = to_buffer(input.first(head_size));
  HeadParser parser(options);
  Request request;
  const int status = parser.parse_head(head, request);
  require(status == 0 || status == 400 || status == 414 || status == 431 || status == 501, "a refusal has a status");
  if (status != 0) return;
  check_accepted(request, options);
  check_rewritten(request, parser.knows_chunks(), options);
  if (!request.chunked) return;
  const ByteView rest = input.subspan(head_size);
  const BodyOutcome whole = read_body(head, rest, rest.size() + 1, options);
  const BodyOutcome pieces = read_body(head, rest, 1 + head_size % 7, options);
  require(whole.done == pieces.done, "the end of a chunked body does not depend on the pieces");
  require(!whole.done || whole.body == pieces.body, "a chunked body does not depend on the pieces");
}

}  // namespace forebay::fuzz
