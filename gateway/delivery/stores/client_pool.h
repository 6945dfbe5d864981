#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/http_client.h"

namespace forebay::gateway::delivery {

/// HTTP clients shared by threads: each request borrows one, so at most `size` run at the same time and every client
/// keeps its connection. Threads  any.
class ClientPool {
 public:
  using Make = std::function<std::unique_ptr<HttpClient>()>;
  ClientPool(std::size_t size, const Make& make);

  /// Waits for a free client, then performs with it. Errors  cancelled, and those of HttpClient.
  Result<HttpResponse> perform(const HttpRequest& request);
  /// Ends running and all later requests with cancelled.
  void cancel();
  [[nodiscard]] std::size_t size() const { return clients_.size(); }

 private:
  HttpClient* take();
  void give_back(HttpClient* client);

  std::vector<std::unique_ptr<HttpClient>> clients_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<HttpClient*> free_;  ///< the last one given back first: its connection is warm
  bool cancelled_ = false;
};

}  // namespace forebay::gateway::delivery
