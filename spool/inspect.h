#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "spool/recovery.h"
#include "spool/spool.h"

namespace forebay::spool {

/// What `forebay spool ls|verify` shows of a journal directory. Reading only; works beside a running owner without its
/// lock, whose newest commit may then look torn.
struct JournalInspection {
  std::optional<Root> root;             ///< empty: neither an identity file nor a sound header
  std::vector<RecoveredFile> files;     ///< oldest first
  std::vector<std::string> spares;
  RecoveryReport report;                ///< of reading every commit of every file
};

/// Called for each entry of each whole commit, in order.
using InspectVisitor = std::function<Result<void>(const RecoveredEntry&)>;

/// Errors  not_found: no such directory; unsupported: a newer format, named; io; the visitor's own.
Result<JournalInspection> inspect_journal(FileSystem& files, const std::string& path, const InspectVisitor& visitor);

/// What is in an agent's spool: lanes as its owner would list them, and source positions.
struct SpoolInspection {
  JournalInspection journal;
  std::vector<LaneStatus> lanes;
  std::map<std::string, Buffer> sources;
  std::uint64_t owed_records = 0;
  std::uint64_t owed_bytes = 0;
  std::uint64_t seals = 0;
  std::uint64_t foreign_entries = 0;  ///< entries that are none of a spool's: a gateway's journal, for instance
};

/// One record of the spool, for `forebay spool cat`. Views are valid during the call.
struct InspectedRecord {
  LaneId lane;
  std::uint64_t sequence = 0;
  RecordView record;
  bool acknowledged = false;
  bool declared_lost = false;
};
using RecordVisitor = std::function<Result<void>(const InspectedRecord&)>;

/// Reads everything; with a visitor, a second time for the records, in the order they were written. Errors as above.
Result<SpoolInspection> inspect_spool(FileSystem& files, const std::string& path, const RecordVisitor& visitor = {});

}  // namespace forebay::spool
