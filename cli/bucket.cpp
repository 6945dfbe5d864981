#include "cli/bucket.h"

#include "cli/directory_bucket.h"
#include "cli/s3_bucket.h"

namespace forebay::cli {
namespace {

constexpr std::string_view kFile = "file://";
constexpr std::string_view kS3 = "s3://";

Result<std::unique_ptr<Bucket>> open_folder(Session& session, std::string folder) {
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  FB_TRY(const auto info, session.files().stat(folder));
  if (!info || !info->is_directory) return Error{Errc::not_found, "--bucket " + folder + ": there is no such folder"};
  return std::unique_ptr<Bucket>(std::make_unique<DirectoryBucket>(session.files(), std::move(folder)));
}

/// Keys of the flags, else of the environment; unlike the gateway's, never those of a configuration file.
Result<wire::aws::Credentials> keys_of(const Session& session) {
  if (!session.flags.key_file.empty()) return read_key_file(session.files(), session.flags.key_file);
  const auto variable = [&](const char* name) { return session.environment()(name).value_or(""); };
  wire::aws::Credentials out{variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"),
                             variable("AWS_SESSION_TOKEN")};
  if (out.access_key_id.empty() != out.secret_access_key.empty())
    return Error{Errc::invalid_argument, "set both of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither"};
  return out;
}

std::string first_set(const Session& session, const std::string& flag, std::initializer_list<const char*> names) {
  if (!flag.empty()) return flag;
  for (const char* name : names)
    if (auto value = session.environment()(name); value && !value->empty()) return *value;
  return {};
}

Result<std::unique_ptr<Bucket>> open_s3(Session& session, std::string bucket) {
  if (bucket.ends_with('/')) bucket.pop_back();
  if (bucket.find('/') != std::string::npos)
    return Error{Errc::invalid_argument,
                 "--bucket s3://" + bucket + ": name the bucket only; --prefix narrows what is looked at"};
  S3Bucket::Access access;
  FB_TRY(access.credentials, keys_of(session));
  access.region = first_set(session, session.flags.region, {"AWS_REGION", "AWS_DEFAULT_REGION"});
  if (access.region.empty()) access.region = "us-east-1";
  std::string endpoint = first_set(session, session.flags.endpoint, {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});
  while (endpoint.ends_with('/')) endpoint.pop_back();
  const bool amazon = endpoint.empty();
  if (amazon) endpoint = "https://s3." + access.region + ".amazonaws.com";
  // A bucket with dots has no certificate as a host name.
  const bool path_style = !amazon || bucket.find('.') != std::string::npos;
  FB_TRY(auto location, wire::s3::Location::make(endpoint, bucket, path_style));
  Console& console = session.console();
  return std::unique_ptr<Bucket>(
      std::make_unique<S3Bucket>(session.http(), session.clock(), std::move(location), std::move(access),
                                 [&console](Milliseconds wait) { return console.pause(wait); }));
}

}  // namespace

Result<std::unique_ptr<Bucket>> open_bucket(Session& session, const std::string& url) {
  if (url.starts_with(kS3)) return open_s3(session, url.substr(kS3.size()));
  if (url.starts_with(kFile)) {
    const std::string folder = url.substr(kFile.size());
    if (!folder.starts_with('/'))
      return Error{Errc::invalid_argument, "--bucket " + url + ": write file:///DIR, with three slashes"};
    return open_folder(session, folder);
  }
  if (url.find("://") != std::string::npos)
    return Error{Errc::invalid_argument, "--bucket " + url + ": write file:///DIR, s3://BUCKET or a folder's path"};
  return open_folder(session, url);
}

}  // namespace forebay::cli
