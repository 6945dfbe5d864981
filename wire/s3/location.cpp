#include "wire/s3/location.h"

#include <algorithm>
#include <cctype>

#include "base/utf8.h"
#include "wire/aws/uri.h"

namespace forebay::wire::s3 {
namespace {

constexpr std::size_t kKeyBytesMax = 1024;
constexpr std::size_t kBucketBytesMax = 255;

Error invalid(std::string text) { return Error{Errc::invalid_argument, std::move(text)}; }

bool is_host_label_text(std::string_view bucket) {
  return std::all_of(bucket.begin(), bucket.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; }) &&
         bucket.size() >= 3 && bucket.size() <= 63 && bucket.front() != '.' && bucket.front() != '-' &&
         bucket.find("..") == std::string_view::npos;
}

std::string encoded(const Query& query) {
  std::vector<std::pair<std::string, std::string>> items;
  for (const auto& [name, value] : query) items.emplace_back(aws::uri_encode(name), aws::uri_encode(value));
  std::sort(items.begin(), items.end());
  std::string out;
  for (const auto& [name, value] : items) out.append(out.empty() ? "?" : "&").append(name).append("=").append(value);
  return out;
}

}  // namespace

Result<void> check_bucket(std::string_view bucket) {
  const bool characters = std::all_of(bucket.begin(), bucket.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
  });
  if (bucket.empty() || bucket.size() > kBucketBytesMax || !characters || bucket == "." || bucket == "..")
    return invalid("bucket \"" + std::string(bucket) + "\" must be 1 to 255 of A-Z a-z 0-9 . _ -");
  return {};
}

Result<void> check_key(std::string_view key) {
  if (key.empty() || key.size() > kKeyBytesMax)
    return invalid("key of " + std::to_string(key.size()) + " bytes must have 1 to 1024");
  if (utf8_error_position(key) != std::string_view::npos) return invalid("key is not UTF-8");
  if (std::any_of(key.begin(), key.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return invalid("key has a control character");
  for (std::string_view rest = key;;) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    if (part == "." || part == "..")
      return invalid("key \"" + std::string(key) + "\" has a part \"" + std::string(part) + "\"");
    if (slash == std::string_view::npos) return {};
    rest.remove_prefix(slash + 1);
  }
}

Result<Location> Location::make(std::string_view endpoint, std::string_view bucket, bool path_style) {
  const auto url = aws::split_url(endpoint);
  if (!url || !url->query.empty() || (url->path != "/" && !url->path.empty()))
    return invalid("endpoint \"" + std::string(endpoint) + "\" must be http://HOST[:PORT] or https://HOST[:PORT]");
  FB_CHECK(check_bucket(bucket));
  if (!path_style && !is_host_label_text(bucket))
    return invalid("bucket \"" + std::string(bucket) +
                   "\" cannot stand in a host name (3 to 63 of a-z 0-9 - .); use path style");
  Location location;
  location.bucket_ = bucket;
  location.base_ = std::string(url->scheme) + "://";
  if (path_style)
    location.base_.append(url->authority).append("/").append(bucket).append("/");
  else
    location.base_.append(bucket).append(".").append(url->authority).append("/");
  return location;
}

std::string Location::object_url(std::string_view key, const Query& query) const {
  return base_ + aws::uri_encode(key, true) + encoded(query);
}

std::string Location::bucket_url(const Query& query) const {
  std::string url = base_;
  // "/bucket?list-type=2": with a slash behind the bucket some servers see an object without a name.
  if (url.ends_with(bucket_ + "/")) url.pop_back();
  return url + encoded(query);
}

}  // namespace forebay::wire::s3
