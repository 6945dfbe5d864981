#pragma once

#include <functional>
#include <memory>
#include <utility>

namespace forebay::gateway::http {

/// Notices that the far end closes while a session has nothing to read, and calls back once. Bytes that arrive instead
/// (a pipelined request) end the watch: they are for later. `Transport` may be read again while a watch rests.
template <class Transport>
class PeerWatch {
 public:
  /// Owner  the transport outlives the watch; the callback is not called after the watch is gone.
  PeerWatch(Transport& transport, std::function<void()> on_close)
      : state_(std::make_shared<State>(State{&transport, std::move(on_close)})) {
    wait(state_);
  }
  PeerWatch(const PeerWatch&) = delete;
  PeerWatch& operator=(const PeerWatch&) = delete;
  ~PeerWatch() { state_->transport = nullptr; }

 private:
  struct State {
    Transport* transport;  ///< null once the watch is gone
    std::function<void()> on_close;
  };

  static void wait(const std::shared_ptr<State>& state) {
    state->transport->when_readable([state](const auto& error) {
      if (error || !state->transport) return;
      const auto seen = state->transport->peek();
      if (seen == Transport::Peek::nothing) wait(state);
      if (seen == Transport::Peek::closed) state->on_close();
    });
  }

  std::shared_ptr<State> state_;
};

}  // namespace forebay::gateway::http
