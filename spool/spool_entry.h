#pragma once

#include <map>
#include <string>
#include <vector>

#include "spool/lane_state.h"
#include "spool/spool.h"

namespace forebay::spool {

/// Entry types of a spool's journal. Layouts: docs/formats/spool.md; all of them are written and read in
/// spool_entry.cpp.
enum class EntryType : std::uint16_t {
  head = 1,     ///< first entry of every file: all state but the records
  records = 2,  ///< records of one stream from one source, of the lineage that wrote the commit
  seal = 3,
  acknowledged = 4,
  gap = 5,
  forget_source = 6,
  refused = 7,  ///< records dropped before they got sequence numbers, counted until their gap record is written
  refusal_declared = 8,
  unfinished = 9,  ///< the next records are a piece of an oversized chunk, not its last: void if nothing follows them
};

/// Records as stored; views point into the entry.
struct RecordsEntry {
  std::string_view stream;
  std::uint64_t first = 0;  ///< sequence of the first record; without records, that of the next one
  std::uint32_t count = 0;
  std::string_view source;
  ByteView position;
  std::uint64_t lost = 0;  ///< not 0: the records are one declared gap, which stands for so many lost records
  ByteView records;
  [[nodiscard]] std::uint64_t last() const { return first + count - 1; }
};

struct AcknowledgedEntry {
  LaneId lane;
  std::uint64_t through = 0;
  std::uint64_t incarnation = 0;
};

struct GapEntry {
  LaneId lane;
  SequenceRange range;
};

/// Drops of one source for one reason.
struct RefusedKey {
  std::string stream;
  std::string source;
  friend auto operator<=>(const RefusedKey&, const RefusedKey&) = default;
};
struct RefusedEntry {
  RefusedKey key;
  std::uint64_t records = 0;  ///< added to what was counted before
  Buffer position;            ///< of the source, if it has one
};

/// Sequences of the lineage that wrote the commit.
struct UnfinishedEntry {
  std::string stream;
  SequenceRange range;
};

/// The state a head carries.
struct HeadEntry {
  std::map<LaneId, LaneState> lanes;
  std::map<std::string, Buffer> sources;
  std::map<RefusedKey, std::uint64_t> refused;
  std::vector<FileRow> rows;  ///< of the files before the head's own
  std::optional<UnfinishedAppend> unfinished;
};

/// Everything of a records entry but the records themselves, which follow it as another part.
Buffer encode_records_prefix(const RecordsEntry& entry);
Buffer encode(const Seal& seal);
Buffer encode(const AcknowledgedEntry& entry);
Buffer encode(const GapEntry& entry);
Buffer encode(const RefusedEntry& entry);
Buffer encode(const RefusedKey& declared);
Buffer encode_forget_source(const std::string& source);
Buffer encode(const UnfinishedEntry& entry);
Buffer encode_head(const std::map<LaneId, LaneState>& lanes, const std::map<std::string, Buffer>& sources,
                   const std::map<RefusedKey, std::uint64_t>& refused, const std::vector<FileRow>& rows,
                   const std::optional<UnfinishedAppend>& unfinished);

/// Errors of all: corrupt, naming the entry type. (A verified commit never holds one, unless a program was wrong.)
Result<RecordsEntry> parse_records(ByteView content);
Result<Seal> parse_seal(ByteView content);
Result<AcknowledgedEntry> parse_acknowledged(ByteView content);
Result<GapEntry> parse_gap(ByteView content);
Result<RefusedEntry> parse_refused(ByteView content);
Result<RefusedKey> parse_refusal_declared(ByteView content);
Result<std::string> parse_forget_source(ByteView content);
Result<UnfinishedEntry> parse_unfinished(ByteView content);
Result<HeadEntry> parse_head(ByteView content);

/// Longest stream or source name the format holds.
inline constexpr std::size_t kNameBytesMax = 4096;

}  // namespace forebay::spool
