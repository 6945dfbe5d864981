#include "agent/health/status_socket.h"

#include <array>
#include <memory>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "base/units.h"

namespace forebay::agent {
namespace {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;

constexpr std::size_t kConnectionsMax = 8;
constexpr std::size_t kTextBytesMax = 16u << 20;
constexpr std::size_t kPathBytesMax = 107;  ///< sun_path without its end
constexpr std::chrono::seconds kConnectionTime{5};

/// One answer under way; keeps itself alive until written or timed out.
struct Answer : std::enable_shared_from_this<Answer> {
  Answer(Local::socket s, std::size_t& count) : socket(std::move(s)), timer(socket.get_executor()), open(count) {
    ++open;
  }
  ~Answer() { --open; }

  void start() {
    timer.expires_after(kConnectionTime);
    timer.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (!error) self->socket.close(error);
    });
    asio::async_write(socket, asio::buffer(text),
                      [self = shared_from_this()](boost::system::error_code, std::size_t) { self->timer.cancel(); });
  }

  Local::socket socket;
  asio::steady_timer timer;
  std::string text;
  std::size_t& open;
};

class AsioStatusSocket final : public StatusSocket {
 public:
  AsioStatusSocket(asio::io_context& loop, std::string path, std::function<std::string()> text)
      : acceptor_(loop), path_(std::move(path)), text_(std::move(text)) {}
  ~AsioStatusSocket() override { ::unlink(path_.c_str()); }

  Result<void> listen() {
    boost::system::error_code error;
    ::unlink(path_.c_str());
    const ::mode_t mask = ::umask(0177);
    acceptor_.open(Local(), error);
    if (!error) acceptor_.bind(Local::endpoint(path_), error);
    ::umask(mask);
    if (!error) acceptor_.listen(static_cast<int>(kConnectionsMax), error);
    if (error) return Error{Errc::io, "status socket " + path_ + ": " + error.message()};
    accept();
    return {};
  }

 private:
  void accept() {
    acceptor_.async_accept([this](boost::system::error_code error, Local::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error && open_ < kConnectionsMax) {
        auto answer = std::make_shared<Answer>(std::move(socket), open_);
        answer->text = text_();
        answer->start();
      }
      accept();
    });
  }

  std::size_t open_ = 0;
  Local::acceptor acceptor_;
  const std::string path_;
  const std::function<std::string()> text_;
};

}  // namespace

std::string status_socket_path(const std::string& spool_path) {
  std::string path = spool_path;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path + ".sock";
}

Result<std::unique_ptr<StatusSocket>> StatusSocket::open(asio::io_context& loop, const std::string& path,
                                                         std::function<std::string()> text) {
  if (path.size() > kPathBytesMax)
    return Error{Errc::invalid_argument,
                 "status socket " + path + " is longer than 107 bytes; use a shorter spool.path"};
  auto socket = std::make_unique<AsioStatusSocket>(loop, path, std::move(text));
  FB_CHECK(socket->listen());
  return std::unique_ptr<StatusSocket>(std::move(socket));
}

Result<std::string> read_status_socket(const std::string& path) {
  if (path.size() > kPathBytesMax) return Error{Errc::invalid_argument, path + " is longer than 107 bytes"};
  asio::io_context loop;
  Local::socket socket(loop);
  boost::system::error_code error;
  socket.connect(Local::endpoint(path), error);
  if (error)
    return Error{Errc::unavailable, "no agent answers at " + path + " (" + error.message() +
                                        "); is it running with this configuration?"};
  std::string text;
  asio::read(socket, asio::dynamic_buffer(text, kTextBytesMax), error);
  if (error && error != asio::error::eof) return Error{Errc::unavailable, path + ": " + error.message()};
  return text;
}

}  // namespace forebay::agent
