#pragma once

#include <nghttp2/nghttp2.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace forebay::gateway::test {

/// What came back on one stream.
struct Http2Reply {
  std::map<std::string, std::string> headers;  ///< with ":status"
  std::string body;
  int informational = 0;  ///< answers before the final one (100)
  bool closed = false;
  std::uint32_t error_code = 0;

  [[nodiscard]] int status() const {
    const auto found = headers.find(":status");
    return found == headers.end() ? 0 : std::atoi(found->second.c_str());
  }
};

/// A blocking HTTP/2 client over cleartext with prior knowledge (libnghttp2's other side).
class Http2Client {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  /// `window` is the client's initial window of every stream; 0 stalls all answers.
  explicit Http2Client(std::uint16_t port, std::uint32_t window = 1u << 20) : socket_(context_) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    socket_.set_option(boost::asio::ip::tcp::no_delay(true));
    nghttp2_session_callbacks* callbacks = nullptr;
    FB_ASSERT(nghttp2_session_callbacks_new(&callbacks) == 0);
    set_up(callbacks);
    nghttp2_option* option = nullptr;
    FB_ASSERT(nghttp2_option_new(&option) == 0);
    nghttp2_option_set_no_auto_window_update(option, 1);
    FB_ASSERT(nghttp2_session_client_new2(&session_, callbacks, this, option) == 0);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window}};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, 1);
    nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, 1 << 28);
  }
  Http2Client(const Http2Client&) = delete;
  Http2Client& operator=(const Http2Client&) = delete;
  ~Http2Client() { nghttp2_session_del(session_); }

  /// Starts a request. Result  its stream.
  std::int32_t start(std::string_view method, std::string_view path, std::string body = {}, Headers headers = {}) {
    Headers all = {{":method", std::string(method)},
                   {":scheme", "http"},
                   {":authority", "localhost"},
                   {":path", std::string(path)}};
    for (auto& header : headers) all.push_back(std::move(header));
    return start_with(all, std::move(body));
  }
  std::int32_t start_with(const Headers& all, std::string body = {}) {
    std::vector<nghttp2_nv> fields;
    for (const auto& [name, value] : all)
      fields.push_back({bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
    nghttp2_data_provider provider{};
    provider.read_callback = read_body;
    const bool has_body = !body.empty();
    const std::int32_t id = nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(),
                                                   has_body ? &provider : nullptr, nullptr);
    bodies_[id] = std::move(body);
    replies_[id];
    flush();
    return id;
  }
  /// Waits until the stream is closed, or the connection.
  const Http2Reply& wait(std::int32_t id) {
    while (!replies_[id].closed && receive()) {
    }
    return replies_[id];
  }
  const Http2Reply& exchange(std::string_view method, std::string_view path, std::string body = {},
                             Headers headers = {}) {
    return wait(start(method, path, std::move(body), std::move(headers)));
  }
  /// Waits until so many bytes of a body have come.
  const Http2Reply& wait_for_bytes(std::int32_t id, std::size_t size) {
    while (replies_[id].body.size() < size && !replies_[id].closed && receive()) {
    }
    return replies_[id];
  }
  /// Opens the windows of a stream by that much.
  void open_window(std::int32_t id, std::int32_t size) {
    nghttp2_submit_window_update(session_, NGHTTP2_FLAG_NONE, id, size);
    flush();
  }
  void reset(std::int32_t id) {
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
    flush();
  }
  /// Sends a PING and waits for its acknowledgement. Result  false: the connection ended.
  bool ping() {
    const int before = pings_;
    nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
    flush();
    while (pings_ == before && receive()) {
    }
    return pings_ > before;
  }
  /// Reads until the server has closed. Result  the error code of its GOAWAY; -1 when none came.
  std::int64_t wait_for_end() {
    while (receive()) {
    }
    return goaway_;
  }
  [[nodiscard]] std::int64_t goaway() const { return goaway_; }
  /// Sends one frame as given, behind what the library has sent.
  bool send_frame(std::uint8_t type, std::uint8_t flags, std::uint32_t id, std::string_view payload) {
    std::string frame;
    const auto size = static_cast<std::uint32_t>(payload.size());
    for (int shift : {16, 8, 0}) frame.push_back(static_cast<char>(size >> shift));
    frame.push_back(static_cast<char>(type));
    frame.push_back(static_cast<char>(flags));
    for (int shift : {24, 16, 8, 0}) frame.push_back(static_cast<char>(id >> shift));
    frame.append(payload);
    return send(frame);
  }
  std::uint32_t remote_setting(nghttp2_settings_id id) { return nghttp2_session_get_remote_settings(session_, id); }
  void flush() {
    const std::uint8_t* bytes = nullptr;
    for (ssize_t size = 0; (size = nghttp2_session_mem_send(session_, &bytes)) > 0;)
      send({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)});
  }
  /// Reads once. Result  false: the connection ended.
  bool receive() {
    flush();
    std::uint8_t chunk[65536];
    boost::system::error_code error;
    const std::size_t size = socket_.read_some(boost::asio::buffer(chunk), error);
    if (error) return false;
    if (nghttp2_session_mem_recv(session_, chunk, size) < 0) return false;
    flush();
    return true;
  }

 private:
  static Http2Client& self(void* user) { return *static_cast<Http2Client*>(user); }
  static std::uint8_t* bytes(const std::string& text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  }
  bool send(std::string_view data) {
    boost::system::error_code error;
    boost::asio::write(socket_, boost::asio::buffer(data), error);
    return !error;
  }
  static ssize_t read_body(nghttp2_session*, std::int32_t id, std::uint8_t* out, std::size_t length,
                           std::uint32_t* flags, nghttp2_data_source*, void* user) {
    auto [body, sent] = self(user).sending(id);
    const std::size_t count = std::min(length, body.size() - sent);
    std::copy_n(body.data() + sent, count, out);
    sent += count;
    if (sent == body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
  }
  std::pair<const std::string&, std::size_t&> sending(std::int32_t id) { return {bodies_[id], sent_[id]}; }

  static void set_up(nghttp2_session_callbacks* callbacks) {
    nghttp2_session_callbacks_set_on_header_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                      const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) {
          Http2Reply& reply = self(user).replies_[frame->hd.stream_id];
          const std::string text(reinterpret_cast<const char*>(value), value_size);
          const std::string key(reinterpret_cast<const char*>(name), name_size);
          if (key == ":status" && text[0] == '1')
            ++reply.informational;
          else
            reply.headers[key] = text;
          return 0;
        });
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        callbacks, [](nghttp2_session* session, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                      std::size_t size, void* user) {
          self(user).replies_[id].body.append(reinterpret_cast<const char*>(data), size);
          nghttp2_session_consume_connection(session, size);
          return 0;
        });
    nghttp2_session_callbacks_set_on_stream_close_callback(
        callbacks, [](nghttp2_session*, std::int32_t id, std::uint32_t code, void* user) {
          self(user).replies_[id].closed = true;
          self(user).replies_[id].error_code = code;
          return 0;
        });
    nghttp2_session_callbacks_set_on_frame_recv_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
          if (frame->hd.type == NGHTTP2_GOAWAY) self(user).goaway_ = frame->goaway.error_code;
          if (frame->hd.type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0) ++self(user).pings_;
          return 0;
        });
  }

  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  nghttp2_session* session_ = nullptr;
  std::map<std::int32_t, Http2Reply> replies_;
  std::map<std::int32_t, std::string> bodies_;
  std::map<std::int32_t, std::size_t> sent_;
  std::int64_t goaway_ = -1;
  int pings_ = 0;
};

}  // namespace forebay::gateway::test
