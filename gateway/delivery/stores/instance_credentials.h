#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "gateway/delivery/stores/credentials.h"

namespace forebay::gateway::delivery {

/// Keys of the machine's role from the instance metadata service, version 2 only: a session token is fetched with PUT
/// first, so that a request which somebody tricked a program into cannot be mistaken for ours. Keys are fetched anew
/// five minutes before they end; while the service does not answer, the old ones serve until they end.
class InstanceCredentials final : public CredentialSource {
 public:
  InstanceCredentials(std::unique_ptr<HttpClient> http, const Clock& clock, std::string metadata_url);
  Result<wire::aws::Credentials> get() override;
  void refused(const wire::aws::Credentials& credentials) override;

 private:
  struct Held {
    wire::aws::Credentials credentials;
    WallTime expires;
  };
  Result<Held> fetch();
  Result<std::string> ask(const char* method, const std::string& path, const char* header, const std::string& value);
  static Result<Held> parse(std::string_view json);

  std::unique_ptr<HttpClient> http_;
  const Clock& clock_;
  const std::string url_;
  std::mutex mutex_;
  std::optional<Held> held_;
  SteadyTime retry_after_;  ///< no earlier fetch: the service throttles
};

}  // namespace forebay::gateway::delivery
