#include "spool/recovery.h"

#include <algorithm>

#include "base/planted_bug.h"
#include "spool/format.h"
#include "spool/journal_names.h"

namespace forebay::spool {

namespace {

constexpr std::size_t kDetailsMax = 100;

class Recovery {
 public:
  Recovery(const RecoveryInput& input, const EntryVisitor& visitor, RecoveryReport& report)
      : input_(input), visitor_(visitor), report_(report) {}

  Result<Recovered> run() {
    FB_CHECK(load_files());
    std::size_t whole_from = 0;
    if (input_.head_entry_type != 0) {
      FB_TRY(whole_from, newest_head());
    }
    for (std::size_t i = 0; i < out_.files.size(); ++i) {
      if (out_.files[i].foreign) continue;
      if (i < whole_from) {
        pass_over(i);
      } else {
        FB_CHECK(walk(i));
      }
    }
    return std::move(out_);
  }

 private:
  Result<void> load_files();
  Result<void> load_file(std::uint64_t number, bool last);
  Result<void> apply_header(RecoveredFile& file, ByteView first_sector);
  Result<std::unique_ptr<CommitReader>> open_reader(const RecoveredFile& file);
  Result<void> find_first(std::size_t index);
  Result<std::size_t> newest_head();
  Result<bool> has_head(std::size_t index, CommitReader& reader);
  void pass_over(std::size_t index);
  Result<void> walk(std::size_t index);
  Result<RecoveryAction> decide(std::size_t index, CommitReader& reader, std::uint64_t position,
                                CommitReader::Found& found, std::optional<std::uint64_t>& next_whole);
  Result<void> deliver(RecoveredFile& file, std::uint64_t position, const CommitReader::Found& found);
  [[nodiscard]] LaterFiles later_files(std::size_t index, std::uint64_t position) const;
  void count_hole(const RecoveredFile& file, std::uint64_t from, std::uint64_t to, std::string_view what);
  void detail(std::string line) {
    if (report_.details.size() < kDetailsMax) report_.details.push_back(std::move(line));
  }

  const RecoveryInput& input_;
  const EntryVisitor& visitor_;
  RecoveryReport& report_;
  Recovered out_;
  bool hole_since_last_ = false;
};

Result<void> Recovery::load_files() {
  FB_TRY(const auto numbers, list_journal_files(input_.files, input_.path));
  report_.files = numbers.size();
  for (const std::uint64_t number : numbers) FB_CHECK(load_file(number, number == numbers.back()));
  for (std::size_t i = 0; i < out_.files.size(); ++i) FB_CHECK(find_first(i));
  return {};
}

Result<void> Recovery::load_file(std::uint64_t number, bool last) {
  RecoveredFile entry;
  entry.path = join_path(input_.path, journal_file_name(number));
  const bool sync = last && input_.sync_last_file;
  FB_TRY(auto file, input_.files.open(entry.path, sync ? OpenMode::read_write : OpenMode::read));
  if (sync) {
    // After a killed process the cache may hold more than the disk, after a failed sync also other bytes than the
    // disk. What is delivered from here must survive a power cut, so both differences are removed first (rule 1.3.3).
    FB_CHECK(file->sync_data());
    if (!FB_PLANTED_BUG("recovery.cache_believed")) FB_CHECK(file->drop_cache());
  }
  FB_TRY(entry.size, file->size());
  Buffer sector(format::file_header::kSize);
  auto read = file->read_at(0, sector);
  sector.resize(read ? *read : 0);
  entry.traits.number = number;
  entry.traits.limit = entry.size;
  entry.data_end = entry.size;
  FB_CHECK(apply_header(entry, sector));
  out_.files.push_back(std::move(entry));
  return {};
}

Result<void> Recovery::apply_header(RecoveredFile& file, ByteView first_sector) {
  const ParsedHeader parsed = parse_file_header(first_sector);
  if (parsed.state == HeaderState::newer) {
    return Error{Errc::unsupported, file.path + ": journal format " + std::to_string(parsed.version) +
                                        "; this program knows format " + std::to_string(format::kVersion) +
                                        ": use the newer program that wrote it"};
  }
  file.header = parsed.state;
  file.traits.alignment = input_.alignment;
  if (parsed.state == HeaderState::valid && parsed.header.file == file.traits.number) {
    file.traits.lineage = parsed.header.lineage;
    file.traits.alignment = parsed.header.alignment;
    file.foreign = input_.root && parsed.header.lineage.root != *input_.root;
  } else if (parsed.state == HeaderState::valid) {
    file.header = HeaderState::broken;  // the header of another file
  }
  if (file.foreign) {
    ++report_.corrupt_holes;
    report_.corrupt_bytes += file.size;
    detail(file.path + ": belongs to another journal: ignored");
  } else if (file.header != HeaderState::valid) {
    detail(file.path + ": damaged file header; its commits are read by their own identity");
  } else {
    out_.last_ordinal = std::max(out_.last_ordinal, file.traits.lineage->ordinal);
  }
  return {};
}

Result<std::unique_ptr<CommitReader>> Recovery::open_reader(const RecoveredFile& file) {
  FB_TRY(auto handle, input_.files.open(file.path, OpenMode::read));
  return std::make_unique<CommitReader>(std::move(handle), file.traits);
}

Result<void> Recovery::find_first(std::size_t index) {
  RecoveredFile& file = out_.files[index];
  if (file.foreign) return {};
  FB_TRY(auto reader, open_reader(file));
  FB_TRY(const auto position, reader->find_whole(format::kDataStart));
  if (!position) return {};
  FB_TRY(const auto found, reader->read_at(*position));
  const Lineage& lineage = found.header.place.lineage;
  if (input_.root && lineage.root != *input_.root) {
    file.foreign = true;
    ++report_.corrupt_holes;
    report_.corrupt_bytes += file.size;
    detail(file.path + ": belongs to another journal: ignored");
    return {};
  }
  file.traits.lineage = lineage;
  file.first_position = *position;
  file.first_previous = found.header.place.previous;
  out_.last_ordinal = std::max(out_.last_ordinal, lineage.ordinal);
  return {};
}

Result<bool> Recovery::has_head(std::size_t index, CommitReader& reader) {
  const RecoveredFile& file = out_.files[index];
  if (!file.first_previous || file.first_position != format::kDataStart) return false;
  FB_TRY(const auto found, reader.read_at(format::kDataStart));
  if (found.state != CommitState::whole) return false;
  EntryCursor entries(found.header, found.content);
  FB_TRY(const auto entry, entries.next());
  return entry && entry->type == input_.head_entry_type;
}

Result<std::size_t> Recovery::newest_head() {
  for (std::size_t i = out_.files.size(); i-- > 0;) {
    if (out_.files[i].foreign) continue;
    FB_TRY(auto reader, open_reader(out_.files[i]));
    FB_TRY(const bool head, has_head(i, *reader));
    if (head) return i;
  }
  return std::size_t{0};
}

/// Only where an older file ends, as the next one tells; its commits are read when they are needed.
void Recovery::pass_over(std::size_t index) {
  RecoveredFile& file = out_.files[index];
  for (std::size_t later = index + 1; later < out_.files.size(); ++later) {
    const auto& previous = out_.files[later].first_previous;
    if (!previous) continue;
    if (previous->file == file.traits.number) file.last_commit = previous->position;
    break;
  }
}

LaterFiles Recovery::later_files(std::size_t index, std::uint64_t position) const {
  const std::uint64_t number = out_.files[index].traits.number;
  for (std::size_t i = index + 1; i < out_.files.size(); ++i) {
    const auto& previous = out_.files[i].first_previous;
    if (!previous || out_.files[i].foreign) continue;
    if (previous->file > number) return LaterFiles::unknown;
    if (previous->file < number) return LaterFiles::before;
    return position <= previous->position ? LaterFiles::past : LaterFiles::before;
  }
  return LaterFiles::none;
}

Result<RecoveryAction> Recovery::decide(std::size_t index, CommitReader& reader, std::uint64_t position,
                                        CommitReader::Found& found, std::optional<std::uint64_t>& next_whole) {
  const LaterFiles files = later_files(index, position);
  LaterInFile in_file = LaterInFile::no;
  if (found.state != CommitState::whole && files != LaterFiles::before) {
    FB_TRY(next_whole, reader.find_whole(position + reader.traits().alignment));
    // A commit that an earlier recovery did not count cannot prove anything.
    if (next_whole && later_files(index, *next_whole) != LaterFiles::before) in_file = LaterInFile::yes;
  }
  const std::size_t row = recovery_row(found.state, in_file, files);
  ++report_.table_hits[row];
  return recovery_table()[row].action;
}

void Recovery::count_hole(const RecoveredFile& file, std::uint64_t from, std::uint64_t to, std::string_view what) {
  ++report_.corrupt_holes;
  report_.corrupt_bytes += to - from;
  hole_since_last_ = true;
  detail(file.path + ": positions " + std::to_string(from) + " to " + std::to_string(to) + ": " + std::string(what));
}

Result<void> Recovery::deliver(RecoveredFile& file, std::uint64_t position, const CommitReader::Found& found) {
  const JournalPosition previous = found.header.place.previous;
  // An owner that writes heads may free files in the middle.
  const bool all_files = input_.head_entry_type == 0;
  if (all_files && !hole_since_last_ && previous != out_.last && previous.file >= out_.files.front().traits.number) {
    ++report_.corrupt_holes;
    detail(file.path + ": position " + std::to_string(position) + ": the commits before it are missing, up to " +
           to_string(previous));
  }
  hole_since_last_ = false;
  out_.last = {file.traits.number, position};
  file.last_commit = position;
  file.data_end = found.next;
  ++report_.commits;
  EntryCursor entries(found.header, found.content);
  for (;;) {
    FB_TRY(const auto entry, entries.next());
    if (!entry) return {};
    if (FB_PLANTED_BUG("recovery.single_entry_cut") && entry->index > 0 && entry->index + 1 == found.header.entries) {
      continue;
    }
    ++report_.entries;
    FB_CHECK(visitor_(*entry));
  }
}

Result<void> Recovery::walk(std::size_t index) {
  RecoveredFile& file = out_.files[index];
  FB_TRY(auto reader, open_reader(file));
  std::uint64_t position = format::kDataStart;
  file.data_end = std::min(file.size, format::kDataStart);
  for (;;) {
    FB_TRY(auto found, reader->read_at(position));
    std::optional<std::uint64_t> next_whole;
    FB_TRY(const RecoveryAction action, decide(index, *reader, position, found, next_whole));
    if (FB_PLANTED_BUG("recovery.single_entry_kept") && action == RecoveryAction::cut &&
        found.header.size() <= file.size - position) {
      found.content = ByteView();
      FB_TRY(auto handle, input_.files.open(file.path, OpenMode::read));
      Buffer bytes(found.header.content_bytes);
      FB_TRY(const std::size_t read, handle->read_at(position + format::commit_header::kSize, bytes));
      bytes.resize(read);
      EntryCursor entries(found.header, bytes);
      const auto entry = entries.next();
      if (entry && *entry) FB_CHECK(visitor_(**entry));
    }
    switch (action) {
      case RecoveryAction::deliver:
        FB_CHECK(deliver(file, position, found));
        position = found.next;
        continue;
      case RecoveryAction::skip:
        if (FB_PLANTED_BUG("recovery.truncate_at_damage")) break;
        count_hole(file, position, *next_whole, "damaged; whole commits follow");
        position = *next_whole;
        continue;
      case RecoveryAction::skip_rest:
        count_hole(file, position, file.size, "damaged to the end of the file; whole commits follow in a later file");
        break;
      case RecoveryAction::cut:
        ++report_.torn_tails;
        detail(file.path + ": position " + std::to_string(position) + ": torn last commit cut");
        break;
      case RecoveryAction::end:
        file.unused = file.header == HeaderState::valid && position == format::kDataStart;
        break;
      case RecoveryAction::ignore: break;
    }
    if (!file.last_commit && action != RecoveryAction::skip_rest) file.last_commit = 0;
    return {};
  }
}

}  // namespace

Result<Recovered> recover_journal(const RecoveryInput& input, const EntryVisitor& visitor, RecoveryReport& report) {
  return Recovery(input, visitor, report).run();
}

Result<std::optional<Root>> find_root(FileSystem& files, const std::string& path) {
  FB_TRY(const auto numbers, list_journal_files(files, path));
  for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
    FB_TRY(auto file, files.open(join_path(path, journal_file_name(*number)), OpenMode::read));
    Buffer sector(format::file_header::kSize);
    auto read = file->read_at(0, sector);
    sector.resize(read ? *read : 0);
    const ParsedHeader parsed = parse_file_header(sector);
    if (parsed.state == HeaderState::valid) return std::optional(parsed.header.lineage.root);
  }
  return std::optional<Root>();
}

}  // namespace forebay::spool
