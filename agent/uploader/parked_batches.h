#pragma once

#include <span>
#include <string>

#include "base/file_system.h"
#include "base/log.h"
#include "spool/spool.h"

namespace forebay::agent {

/// Refused batches, kept as files for people: their loss is declared in the stream, the records stay on the device.
/// One file per batch, `<root>-<ordinal>-<stream>-<first>.records`: a line of text that says what it is, then the
/// records in record chunk form (spool/record_chunk.h). Bounded in files; beyond it the oldest goes.
/// Threads  one.
class ParkedBatches {
 public:
  static constexpr std::size_t kFilesMax = 64;

  ParkedBatches(FileSystem& files, std::string folder) : files_(files), folder_(std::move(folder)) {}

  /// Success  durable. Parking the same batch again replaces its file.
  Result<void> park(const spool::SealedBatch& batch, std::string_view reason);

 private:
  Result<void> make_room();

  FileSystem& files_;
  const std::string folder_;
};

}  // namespace forebay::agent
