#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/file_system.h"
#include "base/log.h"
#include "gateway/delivery/object_store.h"
#include "gateway/delivery/stores/address_guard.h"
#include "gateway/delivery/stores/credentials.h"
#include "gateway/delivery/stores/http_client_maker.h"

namespace forebay::gateway::delivery {

/// Where the buckets of delivery streams are, as the operator configures it.
struct StoreOptions {
  /// "file:///PATH": folders below PATH. "http(s)://HOST[:PORT]": an S3 server. Empty: AWS in `region`.
  std::string endpoint;
  std::string region = "us-east-1";
  bool path_style = true;       ///< HOST/BUCKET/KEY; false: BUCKET.HOST/KEY. AWS without endpoint is always the second
  bool conditional_put = true;  ///< see S3StoreOptions
  /// "environment": AWS_ACCESS_KEY_ID and so on. "instance": the machine's role. "file:PATH": see credential_file.h.
  /// "credential:NAME": a file of that name in $CREDENTIALS_DIRECTORY, as systemd's LoadCredential= gives it.
  std::string credentials = "environment";
  std::string profile = "default";  ///< section of a credentials file
  std::string ca_file;              ///< PEM; empty: the system's
  /// Networks the endpoint may be in besides public ones: "10.0.0.0/8". An address written out in `endpoint`, and
  /// "localhost", need no entry: the operator named them.
  std::vector<std::string> allowed_networks;
  std::size_t connections = 8;                          ///< at a time per bucket, 1 to 64
  std::string metadata_url = "http://169.254.169.254";  ///< of credentials "instance"
};

/// All outlive the stores.
struct StoreWorld {
  FileSystem& files;
  const Clock& clock;
  Entropy& entropy;
  Logger logger;
  HttpClientMaker make_http_client;
  Environment environment;
};

/// The buckets of one configuration: checks it once, shares credentials between buckets and one store between all who
/// name the same bucket. Threads  any.
class ObjectStores {
 public:
  /// Errors  invalid_argument, not_found: the setting, and what it may be. Nothing is connected to.
  static Result<std::unique_ptr<ObjectStores>> make(const StoreOptions& options, const StoreWorld& world);

  /// Errors  invalid_argument: no such bucket can be. Whether it exists shows in the first call.
  Result<std::shared_ptr<ObjectStore>> open(const std::string& bucket);
  /// Where their keys come from. Errors  as make().
  Result<std::shared_ptr<CredentialSource>> credentials();
  /// Ends all calls of all stores, also of those opened later.
  void cancel();

 private:
  ObjectStores(const StoreOptions& options, const StoreWorld& world) : options_(options), world_(world) {}
  Result<std::shared_ptr<ObjectStore>> make_store(const std::string& bucket);
  Result<void> prepare_s3();
  Result<std::shared_ptr<CredentialSource>> make_credentials() const;

  StoreOptions options_;
  const StoreWorld world_;
  AddressGuard guard_;
  std::shared_ptr<CredentialSource> credentials_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<ObjectStore>> stores_;
  bool cancelled_ = false;
};

}  // namespace forebay::gateway::delivery
