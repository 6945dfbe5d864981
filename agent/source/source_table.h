#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "agent/source/source.h"
#include "base/blocking_pool.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/entropy.h"
#include "base/file_watcher.h"
#include "base/log.h"

namespace forebay::agent {

/// What sources are built from; everything outlives them.
struct SourceContext {
  boost::asio::io_context& loop;
  const Clock& clock;
  Entropy& entropy;
  Logger log;
  std::string device;
  /// A watcher of its own for each source that reads files (sys/inotify_file_watcher.h).
  std::function<std::unique_ptr<FileWatcher>()> make_watcher;
  /// Threads for reads that may block, started at the first call.
  std::function<BlockingPool&()> blocking = {};
  std::uint64_t record_bytes_max = UINT64_MAX;  ///< key and data together; longer lines are cut below it
  int standard_input = 0;
};

/// Rows of `[[source]]`: one variant per source type (file, sensor, mqtt, stdin).
OptionTable source_options();

/// Builds the source that a checked table describes. `number` counts from 1 and names it in status and log.
/// Errors  invalid_argument, with the place in the configuration: a template or a combination that rows cannot check.
Result<std::unique_ptr<Source>> make_source(const ConfigTable& table, std::size_t number, const SourceContext& context);

/// The longest line that leaves room for its key in a record of so many bytes.
std::uint64_t line_bytes_within(std::uint64_t record_bytes_max);

/// Adds the `[[source]]` that --stdin stands for.
void add_stdin_source(Config& config, const std::string& stream, const std::string& key);

}  // namespace forebay::agent
