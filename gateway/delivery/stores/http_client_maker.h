#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/http_client.h"
#include "base/ip_address.h"

namespace forebay::gateway::delivery {

/// What a far end asks of the client that talks to it; the composition turns it into the options of its HTTP client.
struct HttpClientNeeds {
  std::string ca_file;                                    ///< empty: the system's
  std::function<bool(const IpAddress&)> address_allowed;  ///< asked at every connection; never empty
  std::chrono::milliseconds connect_timeout{10'000};
};

using HttpClientMaker = std::function<std::unique_ptr<HttpClient>(const HttpClientNeeds&)>;

}  // namespace forebay::gateway::delivery
