#pragma once

#include <span>

#include "agent/source/mqtt_source.h"
#include "base/config.h"

namespace forebay::agent {

/// Rows of `[[source]] type = "mqtt"`.
std::span<const Option> mqtt_option_rows();

/// What a checked table says about the connection; reads the password file.
/// Errors  invalid_argument, with the place in the configuration.
Result<MqttConnectOptions> mqtt_connect_options(const ConfigTable& table, const std::string& device);

/// Host and port of "mqtt://host[:port]" or "mqtts://host[:port]"; IPv6 in brackets.
/// Errors  invalid_argument.
Result<void> parse_mqtt_url(std::string_view url, MqttConnectOptions& options);

}  // namespace forebay::agent
