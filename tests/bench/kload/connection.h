#pragma once

#include <string>

#include "options.h"

namespace kload {

struct Response {
  int status = 0;
  bool close = false;
  std::string body;
};

/// One HTTP/1.1 connection, one request in flight.
class Connection {
 public:
  enum class Read { broken, more, complete };

  explicit Connection(const Options& options) : options_(options) { open(); }
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Connects anew.
  void open();
  /// Begins to send `out`. send_some() goes on; false: the connection broke.
  void start() { sent_bytes_ = 0; }
  bool send_some();
  [[nodiscard]] bool sent() const { return sent_bytes_ == out.size(); }
  Read read_some(Response& response, bool wait = false);
  /// Sends `out` and waits for the answer.
  void call(Response& response);

  int fd = -1;
  std::string out;

 private:
  bool take_answer(Response& response);
  void read_head(std::size_t end, Response& response);
  bool take_chunks(Response& response);
  bool finish(std::size_t end);

  const Options& options_;
  std::string in_;
  std::size_t sent_bytes_ = 0;
  std::size_t head_bytes_ = 0;
  std::size_t body_bytes_ = 0;
  std::size_t chunk_at_ = 0;
  bool chunked_ = false;
};

}  // namespace kload
