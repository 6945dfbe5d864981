#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/file_system.h"
#include "base/http_client.h"
#include "base/ip_address.h"
#include "base/process_runner.h"
#include "gateway/delivery/sinks/http_endpoint_sink.h"
#include "gateway/delivery/sinks/kinesis_sink.h"

namespace forebay::gateway::delivery {

/// What record sinks work with, given by the composition. The functions are called from any thread; what is pointed to
/// outlives every sink.
struct SinkEnvironment {
  std::function<std::unique_ptr<HttpClient>()> http;  ///< judges addresses and follows no redirects by itself
  std::function<std::unique_ptr<ProcessRunner>()> programs;
  CredentialsFunction credentials;  ///< for other Kinesis streams
  RefusedFunction credentials_refused = {};  ///< empty: nobody wants to know
  GzipFunction gzip;
  /// The rule for destinations that are not reached by HTTP. Empty: every address.
  std::function<bool(const IpAddress&)> address_allowed;
  std::function<Result<std::vector<IpAddress>>(const std::string& host)> resolve;
  FileSystem* files = nullptr;  ///< for password files
  const Clock* clock = nullptr;
  Entropy* entropy = nullptr;
  std::string region;                       ///< of Kinesis destinations that name none
  std::vector<std::string> module_folders;  ///< empty: the usual ones
  std::string function_folder;              ///< programs of functions lie below it; empty: none may be run
  /// Password files lie below it; empty: none may be read. Without this rule whoever may create a delivery stream could
  /// have any file of the gateway sent to a broker of theirs.
  std::string secret_folder;
};

}  // namespace forebay::gateway::delivery
