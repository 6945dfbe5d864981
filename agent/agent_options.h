#pragma once

#include <string>
#include <vector>

#include "agent/uploader/uploader_fsm.h"
#include "base/config_file.h"
#include "base/log.h"
#include "spool/spool.h"

namespace forebay::agent {

/// Everything a configuration says, checked. `sources` point into the Config they were read from.
struct AgentOptions {
  std::string device;  ///< empty: the host name
  struct Gateway {
    std::string url;  ///< without a slash at its end
    std::string key_file;  ///< empty: unsigned requests, for a gateway with --auth off
    std::string ca_file;   ///< empty: the system's
    std::string region;
  } gateway;
  std::string spool_path;
  spool::SpoolOptions spool;
  Milliseconds scrub_interval{86'400'000};
  UploadSettings upload;
  LogLevel log_level = LogLevel::info;
  std::vector<const ConfigTable*> sources;
};

/// Rows of every option; docs/CONFIG.md is printed from them.
const ConfigSchema& agent_schema();
/// Checks what rows cannot. Errors  invalid_argument with file, line, column and remedy.
Result<AgentOptions> agent_options(const Config& config);

}  // namespace forebay::agent
