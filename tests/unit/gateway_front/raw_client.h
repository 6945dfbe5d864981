#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

namespace forebay::gateway::test {

struct RawResponse {
  int status = 0;                              ///< 0: the connection ended without an answer
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// A blocking client that sends exactly the bytes it is given.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(context_) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  }

  bool send(std::string_view bytes) {
    boost::system::error_code error;
    boost::asio::write(socket_, boost::asio::buffer(bytes), error);
    return !error;
  }
  RawResponse receive() {
    RawResponse response = receive_head();
    response.body = take(static_cast<std::size_t>(std::atoll(response.headers["content-length"].c_str())));
    return response;
  }
  /// For bodies of unknown length: the head, and as body the next `size` bytes as they come.
  RawResponse receive_raw(std::size_t size) {
    RawResponse response = receive_head();
    response.body = take(size);
    return response;
  }
  /// The next `size` bytes; fewer when the connection ends.
  std::string take(std::size_t size) {
    while (buffer_.size() < size && fill()) {
    }
    std::string taken = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return taken;
  }
  RawResponse exchange(std::string_view bytes) {
    send(bytes);
    return receive();
  }
  /// True when the server has closed the connection and sent nothing more.
  bool is_closed() { return buffer_.empty() && !fill(); }
  void shut_down() {
    boost::system::error_code ignored;
    socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  }

 private:
  RawResponse receive_head() {
    RawResponse response;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
      if (!fill()) return response;
    const std::string head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    response.status = std::atoi(head.c_str() + 9);
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
      const std::size_t line_end = head.find("\r\n", at);
      const std::size_t colon = head.find(": ", at);
      std::string name = head.substr(at, colon - at);
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      response.headers[name] = head.substr(colon + 2, line_end - colon - 2);
      at = line_end + 2;
    }
    return response;
  }
  bool fill() {
    char chunk[65536];
    boost::system::error_code error;
    const std::size_t count = socket_.read_some(boost::asio::buffer(chunk), error);
    buffer_.append(chunk, count);
    return !error;
  }

  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  std::string buffer_;
};

}  // namespace forebay::gateway::test
