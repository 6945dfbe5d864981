#include "gateway/http/head_parser.h"

#include <boost/beast/http/basic_parser.hpp>

#include "gateway/http/target_rules.h"

namespace forebay::gateway::http {
namespace beast = boost::beast;

namespace {
/// "0\r\n\r\n": no chunked body can still want less than this. Beast asserts that it is never shown less of a last
/// chunk, which a client decides by how it cuts its packets.
constexpr std::size_t kLastChunkBytes = 5;

constexpr bool lower_in_place(char* text, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    if (text[i] >= 'A' && text[i] <= 'Z') text[i] = static_cast<char>(text[i] + ('a' - 'A'));
  return true;
}
}  // namespace

class HeadParser::Parser final : public beast::http::basic_parser<true> {
 public:
  Parser(const HttpOptions& options, MutableBytes head, Request* request)
      : options_(options), head_(head), request_(request) {
    header_limit(static_cast<std::uint32_t>(options.header_bytes_max));
    body_limit(boost::none);
  }

  int status = 0;
  Buffer* body = nullptr;
  int version = 11;

  void finish_head() {
    if (status == 0) check_framing();
    request_ = nullptr;
  }

 private:
  void check_framing() {
    const bool host_is_wrong = hosts_ > 1 || (version == 11 && hosts_ == 0);
    const bool both = transfer_encodings_ > 0 && content_lengths_ > 0;
    if (host_is_wrong || both || content_lengths_ > 1 || transfer_encodings_ > 1) status = 400;
    if (transfer_encodings_ > 0 && version == 10) status = 400;
    request_->chunked = transfer_encodings_ == 1;
    if (content_lengths_ == 1 && status == 0) request_->content_length = content_length().value_or(0);
  }

  void refuse(int with, beast::error_code& error) {
    if (status == 0) status = with;
    error = beast::http::error::bad_field;
  }

  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int http_version,
                       beast::error_code& error) override {
    version = http_version;
    const std::string_view whole(target.data(), target.size());
    if (whole.size() > options_.target_bytes_max) return refuse(414, error);
    if (!valid_target(whole)) return refuse(400, error);
    request_->method = {method.data(), method.size()};
    const std::size_t mark = whole.find('?');
    request_->path = whole.substr(0, mark);
    request_->query = mark == std::string_view::npos ? std::string_view() : whole.substr(mark + 1);
  }

  void on_field_impl(beast::http::field field, beast::string_view name, beast::string_view value,
                     beast::error_code& error) override {
    if (!request_) return;  // trailers are read and dropped
    // A folded line arrives in Beast's own buffer instead of ours.
    if (!value.empty() && !inside_head(value.data())) return refuse(400, error);
    if (request_->headers.size() >= options_.header_fields_max) return refuse(431, error);
    const std::string_view text(value.data(), value.size());
    if (field == beast::http::field::host && (++hosts_, !valid_host(text))) return refuse(400, error);
    if (field == beast::http::field::content_length && (++content_lengths_, !is_number(text)))
      return refuse(400, error);
    if (field == beast::http::field::transfer_encoding && (++transfer_encodings_, !beast::iequals(value, "chunked")))
      return refuse(400, error);
    char* own_name = reinterpret_cast<char*>(head_.data()) + (name.data() - reinterpret_cast<char*>(head_.data()));
    lower_in_place(own_name, name.size());
    request_->headers.emplace_back(std::string_view(own_name, name.size()), text);
  }

  [[nodiscard]] bool inside_head(const char* at) const {
    const auto* begin = reinterpret_cast<const char*>(head_.data());
    return at >= begin && at <= begin + head_.size();
  }

  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece, beast::error_code& error) override {
    if (body->size() + piece.size() > options_.body_bytes_max) {
      refuse(413, error);
      return 0;
    }
    append(*body, as_bytes({piece.data(), piece.size()}));
    return piece.size();
  }

  void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
  void on_header_impl(beast::error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view piece, beast::error_code&) override { return piece.size(); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
  void on_finish_impl(beast::error_code&) override {}

  const HttpOptions& options_;
  MutableBytes head_;
  Request* request_;
  int hosts_ = 0;
  int content_lengths_ = 0;
  int transfer_encodings_ = 0;
};

HeadParser::HeadParser(const HttpOptions& options) : options_(options) {}
HeadParser::~HeadParser() = default;
void HeadParser::reset() { parser_.reset(); }

int HeadParser::parse_head(MutableBytes head, Request& request) {
  request.headers.clear();
  request.content_length.reset();
  request.chunked = false;
  parser_ = std::make_unique<Parser>(options_, head, &request);
  beast::error_code error;
  const std::size_t used = parser_->put(boost::asio::const_buffer(head.data(), head.size()), error);
  if (parser_->status != 0) return parser_->status;
  if (error == beast::http::error::header_limit) return 431;
  if (error || !parser_->is_header_done() || used != head.size()) return 400;
  parser_->finish_head();
  return parser_->status;
}

bool HeadParser::keep_alive() const { return parser_ && parser_->keep_alive(); }
bool HeadParser::knows_chunks() const { return parser_ && parser_->version == 11; }

std::size_t HeadParser::parse_chunked(ByteView bytes, Buffer& out, int& status) {
  parser_->body = &out;
  std::size_t used = 0;
  while (bytes.size() - used >= kLastChunkBytes && !parser_->is_done()) {
    beast::error_code error;
    used += parser_->put(boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), error);
    if (error == beast::http::error::need_more) break;
    if (error) {
      status = parser_->status != 0 ? parser_->status : 400;
      break;
    }
  }
  return used;
}

bool HeadParser::body_done() const { return parser_->is_done(); }

}  // namespace forebay::gateway::http
