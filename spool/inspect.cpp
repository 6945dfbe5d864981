#include "spool/inspect.h"

#include <algorithm>

#include "spool/format.h"
#include "spool/journal_identity.h"
#include "spool/journal_names.h"
#include "spool/spool_state.h"

namespace forebay::spool {

Result<JournalInspection> inspect_journal(FileSystem& files, const std::string& path, const InspectVisitor& visitor) {
  JournalInspection found;
  FB_TRY(found.root, read_identity_file(files, path));
  if (!found.root) {
    FB_TRY(found.root, find_root(files, path));
  }
  FB_TRY(const auto spares, list_spare_files(files, path));
  for (const std::uint64_t id : spares) found.spares.push_back(spare_file_name(id));
  const RecoveryInput input{files, path, format::kAlignmentMax, 0, found.root, false};
  FB_TRY(Recovered recovered, recover_journal(input, visitor, found.report));
  found.files = std::move(recovered.files);
  return found;
}

/// Records of one entry, as the state at the end of the journal sees them.
static Result<void> visit_records(const RecoveredEntry& entry, const SpoolState& state, const RecordVisitor& visitor) {
  FB_TRY(const RecordsEntry records, parse_records(entry.content));
  InspectedRecord item{{entry.lineage, std::string(records.stream)}, records.first, {}, false, false};
  const auto lane = state.lanes().find(item.lane);
  RecordChunkReader reader(records.records);
  while (const auto record = reader.next()) {
    item.record = *record;
    item.acknowledged = lane == state.lanes().end() || item.sequence <= lane->second.acked;
    item.declared_lost = lane != state.lanes().end() && lane->second.gaps.contains(item.sequence);
    FB_CHECK(visitor(item));
    ++item.sequence;
  }
  return {};
}

static bool is_spool_entry(const RecoveredEntry& entry) {
  return entry.type >= static_cast<std::uint16_t>(EntryType::head) &&
         entry.type <= static_cast<std::uint16_t>(EntryType::unfinished);
}

Result<SpoolInspection> inspect_spool(FileSystem& files, const std::string& path, const RecordVisitor& visitor) {
  SpoolInspection found;
  SpoolState state;
  auto apply = [&](const RecoveredEntry& entry) -> Result<void> {
    found.seals += entry.type == static_cast<std::uint16_t>(EntryType::seal);
    if (!is_spool_entry(entry) || !state.apply(entry)) ++found.foreign_entries;
    return {};
  };
  FB_TRY(found.journal, inspect_journal(files, path, apply));
  found.lanes = state.statuses();
  found.sources = state.sources();
  found.owed_records = state.owed_records();
  found.owed_bytes = state.owed_bytes();
  if (!visitor) return found;
  auto visit = [&](const RecoveredEntry& entry) -> Result<void> {
    if (entry.type != static_cast<std::uint16_t>(EntryType::records)) return {};
    return visit_records(entry, state, visitor);
  };
  FB_CHECK(inspect_journal(files, path, visit));
  return found;
}

}  // namespace forebay::spool
