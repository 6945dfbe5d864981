#include "gateway/delivery/stores/stores.h"

#include "gateway/delivery/stores/directory_store.h"
#include "gateway/delivery/stores/s3_store.h"
#include "wire/aws/uri.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::string_view kFileScheme = "file://";
constexpr std::size_t kConnectionsMax = 64;
constexpr std::size_t kStoresMax = 10'000;  // as many buckets as delivery streams can name, and more

Error invalid(std::string text) { return Error{Errc::invalid_argument, std::move(text)}; }

std::string_view host_of(std::string_view url) {
  const auto parts = wire::aws::split_url(url);
  if (!parts) return {};
  const std::string_view authority = parts->authority;
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

/// Networks for the address that stands in a URL the operator wrote; none for a name.
std::vector<std::string> named_networks(std::string_view url) {
  const std::string_view host = host_of(url);
  if (host == "localhost") return {"127.0.0.0/8", "::1"};
  if (IpAddress::parse(host)) return {std::string(host)};
  return {};
}

}  // namespace

Result<std::unique_ptr<ObjectStores>> ObjectStores::make(const StoreOptions& options, const StoreWorld& world) {
  auto stores = std::unique_ptr<ObjectStores>(new ObjectStores(options, world));
  if (options.endpoint.starts_with(kFileScheme)) {
    if (options.endpoint.size() <= kFileScheme.size() || options.endpoint[kFileScheme.size()] != '/')
      return invalid("endpoint \"" + options.endpoint + "\" must be file:///PATH with an absolute path");
    return stores;
  }
  FB_CHECK(stores->prepare_s3());
  return stores;
}

Result<void> ObjectStores::prepare_s3() {
  if (options_.region.empty()) return invalid("the region of the object store must not be empty");
  if (options_.connections < 1 || options_.connections > kConnectionsMax)
    return invalid("connections of the object store must be 1 to " + std::to_string(kConnectionsMax));
  if (options_.endpoint.empty()) {
    options_.endpoint = "https://s3." + options_.region + ".amazonaws.com";
    options_.path_style = false;
  }
  if (options_.endpoint.find('@') != std::string::npos)
    return invalid("the endpoint of the object store must be without user and password; see credentials");
  FB_CHECK(wire::s3::Location::make(options_.endpoint, "bucket", options_.path_style));
  std::vector<std::string> networks = options_.allowed_networks;
  for (std::string& network : named_networks(options_.endpoint)) networks.push_back(std::move(network));
  FB_TRY(guard_, AddressGuard::parse(networks));
  FB_TRY(credentials_, make_credentials());
  return {};
}

Result<std::shared_ptr<CredentialSource>> ObjectStores::make_credentials() const {
  const std::string& from = options_.credentials;
  if (from == "environment") {
    FB_TRY(auto source, environment_credentials(world_.environment));
    return std::shared_ptr<CredentialSource>(std::move(source));
  }
  if (from == "instance") {
    FB_TRY(const AddressGuard guard, AddressGuard::parse(named_networks(options_.metadata_url)));
    HttpClientNeeds needs;
    needs.address_allowed = [guard](const IpAddress& address) { return guard.allows(address); };
    needs.connect_timeout = std::chrono::milliseconds(1000);
    return std::shared_ptr<CredentialSource>(
        instance_credentials(world_.make_http_client(needs), world_.clock, options_.metadata_url));
  }
  const bool from_systemd = from.starts_with("credential:");
  std::string path = from.substr(std::min(from.find(':') + 1, from.size()));
  if ((!from_systemd && !from.starts_with("file:")) || path.empty())
    return invalid("credentials \"" + from + "\" must be environment, instance, file:PATH or credential:NAME");
  if (from_systemd) {
    const auto folder = world_.environment("CREDENTIALS_DIRECTORY");
    if (!folder)
      return Error{Errc::not_found,
                   "credentials \"" + from + "\": CREDENTIALS_DIRECTORY is not set; add LoadCredential= to the unit"};
    if (path.find('/') != std::string::npos) return invalid("credentials \"" + from + "\": the name must not have '/'");
    path = join_path(*folder, path);
  }
  return std::shared_ptr<CredentialSource>(
      file_credentials(world_.files, world_.clock, path, options_.profile, from_systemd));
}

Result<std::shared_ptr<ObjectStore>> ObjectStores::open(const std::string& bucket) {
  const std::lock_guard lock(mutex_);
  if (const auto found = stores_.find(bucket); found != stores_.end()) return found->second;
  if (stores_.size() >= kStoresMax) return Error{Errc::too_large, "more than 10,000 buckets are in use"};
  FB_TRY(auto store, make_store(bucket));
  if (cancelled_) store->cancel();
  stores_.emplace(bucket, store);
  return store;
}

Result<std::shared_ptr<ObjectStore>> ObjectStores::make_store(const std::string& bucket) {
  if (options_.endpoint.starts_with(kFileScheme)) {
    FB_TRY(auto store,
           DirectoryStore::make(world_.files, world_.entropy, options_.endpoint.substr(kFileScheme.size()), bucket));
    return std::shared_ptr<ObjectStore>(std::move(store));
  }
  FB_TRY(auto location, wire::s3::Location::make(options_.endpoint, bucket, options_.path_style));
  HttpClientNeeds needs;
  needs.ca_file = options_.ca_file;
  needs.address_allowed = [guard = guard_](const IpAddress& address) { return guard.allows(address); };
  auto pool = std::make_shared<ClientPool>(options_.connections, [&] { return world_.make_http_client(needs); });
  auto client =
      std::make_unique<S3Client>(options_.region, std::move(pool), credentials_, std::make_shared<TimedPause>(),
                                 S3World{world_.clock, world_.entropy, world_.logger});
  S3StoreOptions store_options;
  store_options.conditional_put = options_.conditional_put;
  return std::shared_ptr<ObjectStore>(std::make_shared<S3Store>(std::move(location), std::move(client), store_options));
}

Result<std::shared_ptr<CredentialSource>> ObjectStores::credentials() {
  const std::lock_guard lock(mutex_);
  if (credentials_) return credentials_;
  FB_TRY(credentials_, make_credentials());  // directories need none of their own
  return credentials_;
}

void ObjectStores::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  for (const auto& [bucket, store] : stores_) store->cancel();
}

}  // namespace forebay::gateway::delivery
