#include "gateway/http/http2_head.h"

#include <charconv>

#include "gateway/http/target_rules.h"

namespace forebay::gateway::http {

namespace {
constexpr std::size_t kFieldOverhead = 32;
}

void Http2Head::add(std::string_view name, std::string_view value) {
  list_size_ += name.size() + value.size() + kFieldOverhead;
  // What is over the limit is counted, not kept: a few bytes on the wire may stand for many here.
  if (list_size_ > options_.header_list_bytes_max || fields_.size() >= options_.header_fields_max + 4) {
    list_size_ = options_.header_list_bytes_max + 1;
    return;
  }
  fields_.push_back({name.size(), value.size()});
  text_.append(name).append(value);
}

int Http2Head::finish(Request& request) {
  if (list_size_ > options_.header_list_bytes_max) return 431;
  request.headers.reserve(fields_.size());
  const char* at = text_.data();
  for (const Field& field : fields_) {
    const std::string_view name(at, field.name_size);
    const std::string_view value(at + field.name_size, field.value_size);
    at += field.name_size + field.value_size;
    if (const int status = take(name, value, request); status != 0) return status;
  }
  return host_.empty() || request.path.empty() ? 400 : 0;
}

int Http2Head::take(std::string_view name, std::string_view value, Request& request) {
  if (name == ":method") {
    request.method = value;
    return 0;
  }
  if (name == ":path") return take_path(value, request);
  if (name == ":scheme") return 0;
  if (name == ":authority" || name == "host")
    if (const int status = take_host(value); status != 0) return status;
  if (name == "content-length") {
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (!is_number(value) || error != std::errc() || end != value.data() + value.size()) return 400;
    if (request.content_length) return 400;
    request.content_length = length;
  }
  request.headers.emplace_back(name, value);
  return 0;
}

int Http2Head::take_path(std::string_view value, Request& request) const {
  if (value.size() > options_.target_bytes_max) return 414;
  if (!valid_target(value)) return 400;
  const std::size_t mark = value.find('?');
  request.path = value.substr(0, mark);
  request.query = mark == std::string_view::npos ? std::string_view() : value.substr(mark + 1);
  return 0;
}

int Http2Head::take_host(std::string_view value) {
  if (!valid_host(value)) return 400;
  if (!host_.empty() && host_ != value) return 400;
  host_ = value;
  return 0;
}

}  // namespace forebay::gateway::http
