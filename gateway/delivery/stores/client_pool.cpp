#include "gateway/delivery/stores/client_pool.h"

#include "base/assert.h"

namespace forebay::gateway::delivery {

ClientPool::ClientPool(std::size_t size, const Make& make) {
  FB_ASSERT(size > 0);
  for (std::size_t i = 0; i < size; ++i) {
    clients_.push_back(make());
    free_.push_back(clients_.back().get());
  }
}

Result<HttpResponse> ClientPool::perform(const HttpRequest& request) {
  HttpClient* const client = take();
  if (client == nullptr) return Error{Errc::cancelled, "request stopped"};
  auto response = client->perform(request);
  give_back(client);
  return response;
}

void ClientPool::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  for (const auto& client : clients_) client->cancel();
  changed_.notify_all();
}

HttpClient* ClientPool::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return cancelled_ || !free_.empty(); });
  if (cancelled_) return nullptr;
  HttpClient* const client = free_.back();
  free_.pop_back();
  return client;
}

void ClientPool::give_back(HttpClient* client) {
  const std::lock_guard lock(mutex_);
  free_.push_back(client);
  changed_.notify_one();
}

}  // namespace forebay::gateway::delivery
