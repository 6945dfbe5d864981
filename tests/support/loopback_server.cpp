#include "tests/support/loopback_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"

namespace forebay::test {
namespace {

std::size_t content_length(const std::string& head) {
  for (const char* name : {"Content-Length: ", "content-length: "})
    if (const std::size_t at = head.find(name); at != std::string::npos) return std::stoul(head.substr(at + 16));
  return 0;
}

}  // namespace

LoopbackServer::LoopbackServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  FB_ASSERT(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
  FB_ASSERT(::listen(listener_, 16) == 0);
  FB_ASSERT(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

LoopbackServer::~LoopbackServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  if (const int fd = current_; fd >= 0) ::shutdown(fd, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::vector<LoopbackServer::Request> LoopbackServer::requests() const {
  std::lock_guard lock(mutex_);
  return requests_;
}

std::string LoopbackServer::answer(int status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

void LoopbackServer::serve() {
  while (!stopping_) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    ++connections_;
    current_ = fd;
    if (!stopping_) serve_connection(fd);
    current_ = -1;
    ::close(fd);
  }
}

/// Reads until `have` holds `size` bytes; false at the end of the connection.
bool LoopbackServer::fill(int fd, std::string& have, std::size_t size) {
  char block[16 << 10];
  while (have.size() < size) {
    if (const auto rest = rest_.load(); rest.count() > 0) std::this_thread::sleep_for(rest);
    const ssize_t got = ::recv(fd, block, sizeof(block), 0);
    if (got <= 0) return false;
    have.append(block, static_cast<std::size_t>(got));
  }
  return true;
}

void LoopbackServer::serve_connection(int fd) {
  std::string have;
  for (;;) {
    std::size_t end = 0;
    while ((end = have.find("\r\n\r\n")) == std::string::npos)
      if (!fill(fd, have, have.size() + 1)) return;
    Request request{have.substr(0, end + 4), ""};
    const std::size_t length = content_length(request.head);
    if (!fill(fd, have, end + 4 + length)) return;
    request.body = have.substr(end + 4, length);
    have.erase(0, end + 4 + length);
    {
      std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    const std::string answer = handler_(request);
    if (answer.empty()) return;
    if (::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(answer.size())) return;
  }
}

}  // namespace forebay::test
