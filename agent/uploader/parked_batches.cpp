#include "agent/uploader/parked_batches.h"

#include "base/hex.h"

namespace forebay::agent {

Result<void> ParkedBatches::park(const spool::SealedBatch& batch, std::string_view reason) {
  FB_CHECK(files_.create_directories(folder_));
  FB_CHECK(make_room());
  const spool::LaneId& lane = batch.seal.lane;
  const std::string name = to_hex(lane.lineage.root) + "-" + std::to_string(lane.lineage.ordinal) + "-" + lane.stream +
                           "-" + std::to_string(batch.seal.first) + ".records";
  Buffer content;
  append(content,
         as_bytes("forebay refused batch, stream " + lane.stream + ", " + std::to_string(batch.seal.count) +
                  " records from " + std::to_string(batch.seal.first) + ", reason: " + std::string(reason) + "\n"));
  for (const Buffer& records : batch.records) append(content, records);
  return replace_file(files_, join_path(folder_, name), content);
}

Result<void> ParkedBatches::make_room() {
  FB_TRY(const auto names, files_.list(folder_));
  if (names.size() < kFilesMax) return {};
  return files_.remove(join_path(folder_, names.front()));
}

}  // namespace forebay::agent
