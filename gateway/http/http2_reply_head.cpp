#include "gateway/http/http2_reply_head.h"

#include "gateway/http/response_head.h"

namespace forebay::gateway::http {

namespace {
std::string lowered(std::string_view name) {
  std::string out(name);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

bool belongs_to_connection(std::string_view name) {
  return name == "connection" || name == "keep-alive" || name == "transfer-encoding" || name == "upgrade" ||
         name == "proxy-connection";
}
}  // namespace

Http2ReplyHead::Http2ReplyHead(const Response& response, DateHeader& date, RequestIds& ids)
    : status_(std::to_string(response.status)) {
  fields_.reserve(6 + response.headers.size());
  lowered_.reserve(response.headers.size());
  fields_.push_back({":status", status_, false});
  if (response.request_ids) add_ids(response, ids);
  fields_.push_back({"date", date.now(), false});
  if (!response.content_type.empty() && is_clean_header(response.content_type))
    fields_.push_back({"content-type", response.content_type, false});
  if (!response.stream) {
    length_ = std::to_string(response.content().size());
    fields_.push_back({"content-length", length_, true});
  }
  for (const auto& [name, value] : response.headers) add_own(name, value);
}

void Http2ReplyHead::add_ids(const Response& response, RequestIds& ids) {
  ids.append_uuid(request_id_);
  fields_.push_back({"x-amzn-requestid", request_id_, true});
  if (!response.extended_id) return;
  ids.append_extended_id(extended_id_);
  fields_.push_back({"x-amz-id-2", extended_id_, true});
}

void Http2ReplyHead::add_own(std::string_view name, std::string_view value) {
  if (!is_clean_header(name) || !is_clean_header(value)) return;
  std::string own = lowered(name);
  if (own.empty() || own.front() == ':' || belongs_to_connection(own)) return;
  lowered_.push_back(std::move(own));
  fields_.push_back({lowered_.back(), value, false});
}

}  // namespace forebay::gateway::http
