#include "agent/uploader/uploader.h"

namespace forebay::agent {

Uploader::Uploader(UploadSession& session, UploadClient& client, Clock& clock, Events events)
    : session_(session), client_(client), clock_(clock), events_(std::move(events)), progress_(clock) {}

Uploader::~Uploader() { stop(); }

void Uploader::start() {
  requests_ = std::make_unique<RequestThread>();
  thread_ = std::thread([this] { run(); });
}

void Uploader::stop() {
  wake(stopping_);
  if (thread_.joinable()) {
    client_.cancel();
    thread_.join();
  }
  requests_.reset();
}

void Uploader::spool_grew(std::span<const spool::RecordChunk> chunks) {
  {
    const std::lock_guard lock(mutex_);
    for (const spool::RecordChunk& chunk : chunks) grown_[chunk.stream()] += chunk.size_bytes();
    woken_ = true;
  }
  wake_.notify_one();
}

void Uploader::link_up() { wake(link_up_); }
void Uploader::drain() { wake(draining_); }

void Uploader::wake(bool& flag) {
  {
    const std::lock_guard lock(mutex_);
    flag = true;
    woken_ = true;
  }
  wake_.notify_one();
}

void Uploader::run() {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) break;
    }
    progress_.moved();
    auto result = turn();
    if (result && session_.restart_needed())
      result = Error{Errc::conflict, "another copy or state of this machine has used the same identity"};
    if (!result) {
      events_.failed(result.error());
      break;
    }
  }
  progress_.idle();
}

Result<void> Uploader::turn() {
  FB_CHECK(take_reply());
  take_events();
  std::optional<SteadyTime> until;
  if (!prepared_) {
    const Step step = session_.next(in_flight());
    if (const auto* open_step = std::get_if<StepOpen>(&step)) return open(*open_step);
    if (const auto* close_step = std::get_if<StepClose>(&step)) {
      close(*close_step);
      return {};
    }
    if (const auto* send_step = std::get_if<StepSend>(&step)) {
      FB_TRY(prepared_, session_.prepare(*send_step));
      // Nothing came of it only when the spool changed meanwhile: look again.
      if (!prepared_ && !in_flight()) return {};
    } else {
      until = std::get<StepWait>(step).until;
    }
  }
  if (prepared_ && !in_flight()) {
    send();
    return {};
  }
  if (!in_flight() && sending_all_ && session_.fsm().drained() && events_.drained) events_.drained();
  wait(until);
  return {};
}

Result<void> Uploader::take_reply() {
  {
    const std::lock_guard lock(mutex_);
    if (!done_) return {};
    done_ = false;
  }
  if (open_reply_ || !sent_) return {};
  const UploadRequest request = std::move(*sent_);
  sent_.reset();
  auto reply = std::move(*reply_);
  reply_.reset();
  FB_TRY(const bool all_taken, session_.complete(request, std::move(reply)));
  if (!all_taken) prepared_.reset();
  return {};
}

void Uploader::take_events() {
  std::map<std::string, std::uint64_t> grown;
  bool link_up = false;
  {
    const std::lock_guard lock(mutex_);
    grown.swap(grown_);
    std::swap(link_up, link_up_);
    woken_ = false;
    sending_all_ = draining_;
  }
  session_.fsm().set_draining(sending_all_);
  for (const auto& [stream, bytes] : grown) session_.fsm().stream_grew(stream, bytes);
  if (link_up) session_.fsm().link_up();
}

void Uploader::send() {
  sent_ = std::move(prepared_);
  prepared_.reset();
  session_.before_send();
  const auto finished = [this] { wake(done_); };
  requests_->run([this] { reply_ = client_.send(sent_->body); }, finished);
}

Result<void> Uploader::open(const StepOpen& step) {
  const auto request = session_.open_request(step);
  requests_->run([&] { open_reply_ = client_.open(request); }, [this] { wake(done_); });
  wait_for_request();
  auto reply = std::move(*open_reply_);
  open_reply_.reset();
  return session_.complete_open(step, std::move(reply));
}

void Uploader::close(const StepClose& step) {
  const auto request = session_.close_request(step);
  requests_->run([&] { close_reply_ = client_.close(request); }, [this] { wake(done_); });
  wait_for_request();
  session_.complete_close(step, *close_reply_);
  close_reply_.reset();
}

void Uploader::wait_for_request() {
  progress_.idle();
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [&] { return done_; });
  done_ = false;
}

void Uploader::wait(std::optional<SteadyTime> until) {
  const auto woken = [&] { return woken_ || done_ || stopping_; };
  if (!until) {
    std::unique_lock lock(mutex_);
    if (!woken()) progress_.idle();
    wake_.wait(lock, woken);
    return;
  }
  const auto span = *until - clock_.steady_now();
  std::unique_lock lock(mutex_);
  if (!woken() && !in_flight()) progress_.idle();
  wake_.wait_for(lock, span, woken);
}

}  // namespace forebay::agent
