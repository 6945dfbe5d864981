#pragma once

#include <algorithm>
#include <cstdint>

#include "base/units.h"
#include "spool/spool.h"

namespace forebay::spool {

/// Sizes that follow from the options. Pure.
struct SpoolSizes {
  std::uint64_t file_bytes = 0;
  std::uint64_t files_max = 0;           ///< max_bytes in files
  std::uint64_t data_files_max = 0;      ///< the last two are kept for what declares losses and carries state
  std::uint64_t record_bytes_max = 0;    ///< a quarter of a file
  std::uint64_t commit_bytes_max = 0;    ///< of records; one record of the largest size fits
  std::uint64_t control_reserve = 0;     ///< end of every file that records leave to acknowledgements, seals and gaps
  std::uint64_t grace_bytes_max = 0;     ///< a quarter of max_bytes
};

constexpr std::uint64_t kSpoolFilesMin = 4;
constexpr std::uint64_t kSpoolPage = 4096;

inline SpoolSizes spool_sizes(const SpoolOptions& options) {
  SpoolSizes sizes;
  const std::uint64_t wanted = options.file_bytes != 0
                                   ? options.file_bytes
                                   : std::clamp<std::uint64_t>(options.max_bytes / 16, 1_MiB, 16_MiB);
  sizes.file_bytes = wanted / kSpoolPage * kSpoolPage;
  sizes.files_max = sizes.file_bytes == 0 ? 0 : options.max_bytes / sizes.file_bytes;
  sizes.data_files_max = sizes.files_max < kSpoolFilesMin ? 0 : sizes.files_max - 2;
  sizes.record_bytes_max = sizes.file_bytes / 4;
  sizes.commit_bytes_max = sizes.record_bytes_max + 2 * kSpoolPage;
  sizes.control_reserve = std::max(2 * kSpoolPage, sizes.file_bytes / 16);
  sizes.grace_bytes_max = options.max_bytes / 4;
  return sizes;
}

}  // namespace forebay::spool
