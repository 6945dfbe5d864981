#include "connection.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>

namespace kload {
namespace {
constexpr std::size_t kReadBytes = 256 * 1024;
}

Connection::~Connection() {
  if (fd >= 0) ::close(fd);
}

void Connection::open() {
  if (fd >= 0) ::close(fd);
  fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(options_.port));
  inet_pton(AF_INET, options_.host.c_str(), &address.sin_addr);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    die("cannot connect to port " + std::to_string(options_.port));
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  in_.clear();
  sent_bytes_ = 0;
  head_bytes_ = 0;
}

bool Connection::send_some() {
  while (sent_bytes_ < out.size()) {
    const ssize_t count = ::send(fd, out.data() + sent_bytes_, out.size() - sent_bytes_, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    sent_bytes_ += static_cast<std::size_t>(count);
  }
  return true;
}

Connection::Read Connection::read_some(Response& response, bool wait) {
  for (;;) {
    if (take_answer(response)) return Read::complete;
    const std::size_t had = in_.size();
    in_.resize(had + kReadBytes);
    const ssize_t count = ::recv(fd, in_.data() + had, kReadBytes, wait ? 0 : MSG_DONTWAIT);
    const int problem = errno;
    in_.resize(had + (count > 0 ? static_cast<std::size_t>(count) : 0));
    if (count > 0) continue;
    return count < 0 && (problem == EAGAIN || problem == EINTR) ? Read::more : Read::broken;
  }
}

void Connection::call(Response& response) {
  start();
  while (!sent())
    if (!send_some()) die("connection lost while sending");
  if (read_some(response, true) != Read::complete) die("connection lost while waiting for an answer");
  if (response.close) open();
}

void Connection::read_head(std::size_t end, Response& response) {
  response = {};
  response.status = std::atoi(in_.c_str() + 9);
  body_bytes_ = 0;
  chunked_ = false;
  for (std::size_t at = in_.find("\r\n") + 2; at < end;) {
    const std::size_t line_end = in_.find("\r\n", at);
    std::string line = in_.substr(at, line_end - at);
    std::transform(line.begin(), line.end(), line.begin(), [](unsigned char c) { return std::tolower(c); });
    if (line.rfind("content-length:", 0) == 0) body_bytes_ = std::stoull(line.substr(15));
    if (line.rfind("transfer-encoding:", 0) == 0) chunked_ = line.find("chunked") != std::string::npos;
    if (line.rfind("connection:", 0) == 0) response.close = line.find("close") != std::string::npos;
    at = line_end + 2;
  }
  head_bytes_ = chunk_at_ = end + 4;
}

bool Connection::take_answer(Response& response) {
  if (head_bytes_ == 0) {
    const std::size_t end = in_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    read_head(end, response);
  }
  if (chunked_) return take_chunks(response);
  if (in_.size() < head_bytes_ + body_bytes_) return false;
  response.body.assign(in_, head_bytes_, body_bytes_);
  return finish(head_bytes_ + body_bytes_);
}

bool Connection::take_chunks(Response& response) {
  for (;;) {
    const std::size_t line_end = in_.find("\r\n", chunk_at_);
    if (line_end == std::string::npos) return false;
    const std::size_t size = std::strtoull(in_.c_str() + chunk_at_, nullptr, 16);
    if (in_.size() < line_end + 2 + size + 2) return false;
    if (size == 0) return finish(line_end + 4);
    response.body.append(in_, line_end + 2, size);
    chunk_at_ = line_end + 2 + size + 2;
  }
}

bool Connection::finish(std::size_t end) {
  in_.erase(0, end);
  head_bytes_ = 0;
  return true;
}

}  // namespace kload
