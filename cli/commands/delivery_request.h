#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"

namespace forebay::cli {

/// What `forebay delivery create` was told.
struct DeliveryCreateFlags {
  std::string name;
  std::string from;  ///< stream; empty: direct put
  std::string bucket;
  std::string prefix;
  std::string error_prefix;
  std::int64_t buffer_size_mib = 0;  ///< 0: 5, or 64 with partition_by
  std::int64_t buffer_interval_seconds = 60;
  std::string compression = "none";
  bool newline = false;
  std::string file_extension;
  std::string time_zone;
  std::string partition_by;
  std::string url;
  std::string access_key_file;
  std::vector<std::string> attributes;  ///< NAME=VALUE
  bool gzip_requests = false;
  bool backup_all = false;
  std::int64_t retry_seconds = 300;
  std::vector<std::string> tags;  ///< NAME=VALUE
};

/// The body of CreateDeliveryStream. `stream_arn`  of the source; empty: direct put.
/// Errors  invalid_argument: flags that do not go together, named; not_found: the access key's file.
Result<nlohmann::json> delivery_request(const DeliveryCreateFlags& flags, const std::string& stream_arn,
                                        FileSystem& files);

}  // namespace forebay::cli
