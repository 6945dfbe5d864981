#include "gateway/http/response_head.h"

#include <algorithm>
#include <charconv>

namespace forebay::gateway::http {

bool is_clean_header(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

namespace {
void append_header(std::string& out, std::string_view name, std::string_view value) {
  if (!is_clean_header(name) || !is_clean_header(value)) return;
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_number(std::string& out, std::size_t number) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof(text), number).ptr;
  out.append(text, static_cast<std::size_t>(end - text));
}
}  // namespace

void append_response_head(std::string& out, const Response& response, bool keep_alive, BodyFraming framing,
                          DateHeader& date, RequestIds& ids) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(response.status));
  out.append(" ").append(reason_phrase(response.status)).append("\r\n");
  if (response.request_ids) {
    out.append("x-amzn-RequestId: ");
    ids.append_uuid(out);
    out.append("\r\n");
  }
  if (response.request_ids && response.extended_id) {
    out.append("x-amz-id-2: ");
    ids.append_extended_id(out);
    out.append("\r\n");
  }
  out.append("Date: ").append(date.now()).append("\r\n");
  if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
  if (framing == BodyFraming::sized) {
    out.append("Content-Length: ");
    append_number(out, response.content().size());
    out.append("\r\n");
  } else if (framing == BodyFraming::chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  }
  for (const auto& [name, value] : response.headers) append_header(out, name, value);
  if (!keep_alive) out.append("Connection: close\r\n");
  out.append("\r\n");
}

void append_chunk_size(std::string& out, std::size_t size) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof(text), size, 16).ptr;
  out.append(text, static_cast<std::size_t>(end - text)).append("\r\n");
}

}  // namespace forebay::gateway::http
