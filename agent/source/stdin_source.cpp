#include "agent/source/stdin_source.h"

#include <fcntl.h>

#include <cerrno>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

namespace forebay::agent {

namespace {
constexpr std::size_t kReadBytes = 256 * 1024;
}  // namespace

StdinSource::StdinSource(boost::asio::io_context& loop, int descriptor, const Clock& clock, Logger log,
                         StdinSourceOptions options)
    : loop_(loop),
      descriptor_(descriptor),
      clock_(clock),
      log_(log),
      options_(std::move(options)),
      splitter_(options_.lines),
      input_(loop),
      chunk_(options_.stream) {}

StdinSource::~StdinSource() { stop(); }

Result<void> StdinSource::start(Intake& intake, const std::map<std::string, Buffer>&, bool,
                                std::function<void()> on_end) {
  intake_ = &intake;
  on_end_ = std::move(on_end);
  const int flags = ::fcntl(descriptor_, F_GETFL);
  if (flags < 0) return errno_error(errno, "standard input is not open");
  was_non_blocking_ = (flags & O_NONBLOCK) != 0;
  boost::system::error_code error;
  input_.assign(descriptor_, error);
  if (error) return Error{Errc::io, "read standard input: " + error.message()};
  buffer_.resize(kReadBytes);
  read();
  return {};
}

void StdinSource::stop() {
  *alive_ = false;
  if (!input_.is_open()) return;
  input_.release();
  // The terminal or pipe is shared with whoever started us: leave it as it was.
  const int flags = ::fcntl(descriptor_, F_GETFL);
  if (flags >= 0 && !was_non_blocking_) ::fcntl(descriptor_, F_SETFL, flags & ~O_NONBLOCK);
}

void StdinSource::read() {
  input_.async_read_some(boost::asio::buffer(buffer_),
                         [this, alive = alive_](boost::system::error_code error, std::size_t size) {
                           if (!*alive) return;
                           if (!error) return take(size);
                           if (error != boost::asio::error::eof) {
                             last_error_ = error.message();
                             log_.error("standard input cannot be read any more", {{"error", last_error_}});
                           }
                           finish();
                         });
}

void StdinSource::take(std::size_t size) {
  bytes_ += size;
  const WallTime now = clock_.wall_now();
  splitter_.feed(ByteView(buffer_).first(size), [&](ByteView line) {
    options_.key.expand({options_.device, {}, {}, line}, key_);
    chunk_.add(key_, now, line);
  });
  submit();
}

void StdinSource::finish() {
  ended_ = true;
  splitter_.finish([&](ByteView line) {
    options_.key.expand({options_.device, {}, {}, line}, key_);
    chunk_.add(key_, clock_.wall_now(), line);
  });
  submit();
}

// Reads on only when the intake has taken what there is.
void StdinSource::submit() {
  if (!chunk_.empty()) {
    const std::uint32_t count = chunk_.count();
    const bool taken = intake_->try_submit(chunk_, [this, alive = alive_, &loop = loop_] {
      boost::asio::post(loop, [this, alive] {
        if (*alive) submit();
      });
    });
    if (!taken) return;
    records_ += count;
    chunk_ = spool::RecordChunk(options_.stream);
  }
  if (!ended_) return read();
  stop();
  if (on_end_) std::exchange(on_end_, nullptr)();
}

SourceStatus StdinSource::status() const {
  SourceStatus status{options_.name, "stdin", options_.stream, {}, false};
  status.items.push_back({"standard input", bytes_, chunk_.size_bytes(), records_, last_error_});
  status.counts.records = records_;
  status.counts.bytes = bytes_;
  status.counts.missing_key_fields = options_.key.missing_count();
  status.counts.truncated_lines = splitter_.truncated_lines();
  return status;
}

}  // namespace forebay::agent
