#pragma once

#include <optional>

#include "agent/uploader/upload_session.h"
#include "sys/posix_file_system.h"
#include "tests/support/log_capture.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temp_directory.h"
#include "tests/unit/agent/fake_gateway.h"
#include "tests/unit/agent/memory_spool.h"

namespace forebay::agent {

/// What an UploadSession stands on: a spool and a gateway in memory, which has the stream "web".
struct UploadRig {
  UploadRig() { gateway.streams["web"] = 11; }

  void make_session(Clock& clock, std::uint64_t timeline = 0) {
    session.emplace(
        UploadSession::Parts{spool, gateway, parked, clock, entropy, Logger(log, "test"), metrics, failpoints,
                             "press-07", "0.1", [this](std::uint64_t t) { remembered = t; },
                             [this](std::uint64_t n) { return remember_closed(n); }, closed, [this] { ++freed; }},
        settings, timeline);
  }

  Result<void> remember_closed(std::uint64_t least) {
    if (cache_error) return *cache_error;
    ordinal_min = least;
    closed.push_back(spool.lineage());
    return {};
  }

  MemorySpool spool;
  FakeGateway gateway;
  PosixFileSystem files;
  test::TempDirectory folder;
  ParkedBatches parked{files, folder.file("parked")};
  test::SeededEntropy entropy{1};
  test::LogCapture log;
  MetricsRegistry metrics;
  Failpoints failpoints;
  UploadSettings settings;
  std::optional<UploadSession> session;
  std::uint64_t ordinal_min = 0;  ///< of the next start's lineage
  std::vector<Lineage> closed;    ///< what the session asked to keep
  std::optional<Error> cache_error;
  std::uint64_t remembered = 0;  ///< the timeline the session asked to keep
  int freed = 0;
};

}  // namespace forebay::agent
