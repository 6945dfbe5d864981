#pragma once

#include <string>

#include "base/config_file.h"
#include "base/log.h"
#include "gateway/delivery_options.h"
#include "gateway/gateway_encryption.h"
#include "gateway/http/listener.h"
#include "gateway/kinesis/shard_limits.h"
#include "gateway/log/log_options.h"

namespace forebay::gateway {

/// Everything a configuration says, checked.
struct GatewayOptions {
  std::string data;
  http::ListenAddress listen;
  http::ListenAddress admin;
  bool auth_off = false;
  bool insecure = false;
  std::string key_file;
  std::string tls_certificate_file;  ///< empty: no TLS
  std::string tls_key_file;
  std::string region;  ///< empty: any
  std::string account;
  bool auto_create_streams = false;
  std::size_t threads = 0;  ///< event loops
  std::size_t body_memory_bytes = 0;
  http::HttpOptions http;
  std::uint64_t shard_limit = 0;
  kinesis::ShardLimitOptions shard_rates;
  Milliseconds drain_timeout{0};
  log::LogOptions log;
  EncryptionOptions encryption;
  DeliveryOptions delivery;
  LogLevel log_level = LogLevel::info;
};

/// Rows of every option; docs/CONFIG.md is printed from them.
const ConfigSchema& gateway_schema();
/// Checks what rows cannot. Errors  invalid_argument, with the remedy.
Result<GatewayOptions> gateway_options(const Config& config);

}  // namespace forebay::gateway
