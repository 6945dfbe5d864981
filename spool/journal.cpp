#include "spool/journal.h"

#include <atomic>

#include "base/assert.h"
#include "base/planted_bug.h"
#include "spool/commit_codec.h"
#include "spool/file_pool.h"
#include "spool/format.h"
#include "spool/journal_cursor.h"
#include "spool/journal_identity.h"
#include "spool/journal_index.h"
#include "spool/journal_names.h"
#include "spool/recovery.h"

namespace forebay::spool {

namespace {

/// The file commits go to.
struct CurrentFile {
  std::unique_ptr<File> file;
  std::uint64_t number = 0;
  std::uint64_t size = 0;
  std::uint64_t end = 0;  ///< of the last durable commit
};

class JournalImpl final : public Journal {
 public:
  JournalImpl(FileSystem& files, Logger logger, std::string path, const JournalOptions& options)
      : files_(files), logger_(logger), path_(std::move(path)), options_(options), pool_(files, path_, options) {}

  Result<void> start(Entropy& entropy, const EntryVisitor& visitor, RecoveryReport& report);

  Result<JournalPosition> commit(std::span<const JournalEntry> entries) override;
  Result<void> free_before(JournalPosition position) override;
  Result<void> free_files(std::uint64_t from, std::uint64_t to) override;
  Result<void> read(JournalPosition from, const std::function<Result<bool>(const RecoveredEntry&)>& visitor) override;
  std::unique_ptr<JournalCursor> cursor(JournalPosition from) override {
    return std::make_unique<FileCursor>(files_, index_, from);
  }
  std::unique_ptr<JournalCursor> device_cursor(JournalPosition from) override {
    return std::make_unique<FileCursor>(files_, index_, from, true);
  }
  [[nodiscard]] bool would_roll(std::span<const JournalEntry> entries) const override {
    return !fits(CommitEncoder::encoded_size(entries, options_.alignment));
  }
  Result<void> roll(std::uint64_t file_bytes) override {
    FB_CHECK(check_usable());
    return begin_file(file_bytes == 0 || options_.zero_and_recycle ? options_.file_bytes : file_bytes);
  }
  [[nodiscard]] std::uint64_t room() const override { return current_ ? current_->size - current_->end : 0; }
  Result<void> prepare_next_file() override;
  [[nodiscard]] std::vector<JournalFileInfo> file_infos() const override;
  [[nodiscard]] const Lineage& lineage() const override { return lineage_; }
  [[nodiscard]] JournalPosition end() const override {
    if (current_) return {current_->number, current_->end};
    return {next_file_, format::kDataStart};
  }
  [[nodiscard]] JournalPosition begin() const override {
    const auto row = index_->at_or_after(0);
    return row ? JournalPosition{row->traits.number, format::kDataStart} : end();
  }
  [[nodiscard]] std::uint64_t disk_bytes() const override { return index_->bytes() + pool_.spare_bytes(); }
  Result<void> close() override;

 private:
  Result<void> lock_directory();
  Result<void> adopt(const Recovered& recovered);
  Result<void> cut_tail(const RecoveredFile& file);
  Result<void> check_shape(std::span<const JournalEntry> entries) const;
  [[nodiscard]] bool fits(std::uint64_t bytes) const { return current_ && current_->end + bytes <= current_->size; }
  Result<void> begin_file(std::uint64_t file_bytes);
  Result<void> write_and_sync(std::span<const ByteView> pieces, JournalPosition at);
  Result<void> check_usable() const;
  Error fail(Error error);

  FileSystem& files_;
  Logger logger_;
  std::string path_;
  JournalOptions options_;
  FilePool pool_;
  std::unique_ptr<File> lock_;
  std::shared_ptr<JournalIndex> index_ = std::make_shared<JournalIndex>();
  CommitEncoder encoder_;
  Lineage lineage_;
  std::optional<CurrentFile> current_;
  std::uint64_t next_file_ = 1;
  JournalPosition last_;  ///< the commit the next one names as its predecessor
  std::atomic<bool> failed_ = false;
};

/// After the first error nothing is trusted: what a failed sync left in the cache may differ from the disk (rule
/// 1.3.2).
Error JournalImpl::fail(Error error) {
  failed_ = true;
  logger_.error("journal failed; the process must exit", {{"path", path_}, {"error", error.context}});
  error.code = Errc::io;
  return std::move(error).with_context("journal " + path_);
}

Result<void> JournalImpl::check_usable() const {
  if (failed_) return Error{Errc::io, "journal " + path_ + " failed before: restart the process"};
  return {};
}

Result<void> JournalImpl::lock_directory() {
  FB_CHECK(files_.create_directories(path_));
  FB_CHECK(files_.sync_directory(parent_path(path_)));
  FB_TRY(lock_, files_.open(join_path(path_, kLockFileName), OpenMode::open_always));
  auto locked = lock_->lock();
  if (!locked) return std::move(locked).error().with_context("journal " + path_ + " is in use by another process");
  // Names that a killed process left only in the cache must not change any more after they were read.
  return files_.sync_directory(path_);
}

Result<void> JournalImpl::start(Entropy& entropy, const EntryVisitor& visitor, RecoveryReport& report) {
  FB_CHECK(lock_directory());
  FB_TRY(const Root root, load_or_create_root(files_, entropy, path_));
  const RecoveryInput input{files_, path_, options_.alignment, options_.head_entry_type, root, true};
  FB_TRY(const Recovered recovered, recover_journal(input, visitor, report));
  for (const std::string& line : report.details) logger_.warning("journal recovery", {{"finding", line}});
  lineage_ = {root, std::max(recovered.last_ordinal + 1, options_.ordinal_min), entropy.next_u64()};
  last_ = recovered.last;
  FB_CHECK(pool_.load());
  FB_CHECK(adopt(recovered));
  auto prepared = prepare_next_file();
  if (!prepared && prepared.error().code != Errc::no_space) return prepared;
  return {};
}

/// A torn tail is given back to the file system; recovery does not depend on it (fallocate form only: recycled files
/// keep their size).
Result<void> JournalImpl::cut_tail(const RecoveredFile& file) {
  if (options_.zero_and_recycle || file.foreign || file.data_end >= file.size) return {};
  FB_TRY(auto handle, files_.open(file.path, OpenMode::read_write));
  FB_CHECK(handle->truncate(file.data_end));
  FB_CHECK(handle->sync_data());
  return handle->close();
}

Result<void> JournalImpl::adopt(const Recovered& recovered) {
  bool freed = false;
  for (const RecoveredFile& file : recovered.files) {
    const bool last = &file == &recovered.files.back();
    next_file_ = file.traits.number + 1;
    if (last && file.unused) {
      FB_CHECK(pool_.put(file.path, file.size));
      freed = true;
      continue;
    }
    JournalIndex::Row row{file.path, file.traits, file.last_commit, file.size};
    if (last && file.header == HeaderState::valid && file.last_commit) {
      FB_CHECK(cut_tail(file));
      if (!options_.zero_and_recycle) row.bytes = row.traits.limit = std::min(file.size, file.data_end);
    }
    if (file.foreign) row.last_commit = 0;
    index_->put(std::move(row));
  }
  if (freed) return files_.sync_directory(path_);
  return {};
}

Result<void> JournalImpl::prepare_next_file() {
  FB_CHECK(check_usable());
  auto prepared = pool_.prepare();
  if (prepared || prepared.error().code == Errc::no_space) return prepared;
  return fail(std::move(prepared).error());
}

Result<void> JournalImpl::check_shape(std::span<const JournalEntry> entries) const {
  if (entries.empty()) return Error{Errc::invalid_argument, "a commit has at least one entry"};
  std::uint64_t total = 0;
  for (const JournalEntry& entry : entries) {
    if (entry.type == 0) return Error{Errc::invalid_argument, "entry type 0 is not allowed"};
    for (const ByteView part : entry.parts) total += part.size();
  }
  if (total > options_.commit_bytes_max) {
    return Error{Errc::too_large, "commit of " + std::to_string(total) + " bytes; commit_bytes_max is " +
                                      std::to_string(options_.commit_bytes_max)};
  }
  const std::uint64_t room = options_.file_bytes - format::kDataStart;
  if (CommitEncoder::encoded_size(entries, options_.alignment) > room) {
    return Error{Errc::too_large, "commit of " + std::to_string(total) + " bytes in " + std::to_string(entries.size()) +
                                      " entries does not fit a journal file of " + std::to_string(options_.file_bytes)};
  }
  return {};
}

Result<void> JournalImpl::begin_file(std::uint64_t file_bytes) {
  const FileHeader header{lineage_, next_file_, file_bytes, options_.started_ms, options_.alignment};
  auto taken = pool_.take(header);
  if (!taken && taken.error().code == Errc::no_space) {
    return std::move(taken).error().with_context("reserving a new journal file in " + path_);
  }
  if (!taken) return fail(std::move(taken).error());
  JournalIndex::Row row;
  row.path = join_path(path_, journal_file_name(next_file_));
  row.traits = {next_file_, lineage_, options_.alignment, format::kDataStart};
  row.last_commit = 0;
  row.bytes = file_bytes;
  index_->put(std::move(row));
  current_.emplace(CurrentFile{std::move(*taken), next_file_, file_bytes, format::kDataStart});
  ++next_file_;
  return {};
}

Result<void> JournalImpl::write_and_sync(std::span<const ByteView> pieces, JournalPosition at) {
  FB_CHECK(current_->file->write_at(at.position, pieces));
  if (FB_PLANTED_BUG("journal.ack_before_sync")) return {};
  auto synced = current_->file->sync_data();
  if (!synced && FB_PLANTED_BUG("journal.retry_failed_sync")) synced = current_->file->sync_data();
  return synced;
}

Result<JournalPosition> JournalImpl::commit(std::span<const JournalEntry> entries) {
  FB_CHECK(check_usable());
  FB_CHECK(check_shape(entries));
  const std::uint64_t bytes = CommitEncoder::encoded_size(entries, options_.alignment);
  if (!fits(bytes)) FB_CHECK(begin_file(options_.file_bytes));
  const JournalPosition at{current_->number, current_->end};
  const auto pieces = encoder_.encode({lineage_, at, last_}, entries, options_.alignment);
  auto written = write_and_sync(pieces, at);
  if (!written) return fail(std::move(written).error());
  current_->end += bytes;
  last_ = at;
  index_->advance(at.file, at.position, current_->end);
  return at;
}

Result<void> JournalImpl::free_before(JournalPosition position) {
  const auto row = index_->at_or_after(position.file);
  const bool ended = row && row->traits.number == position.file && row->traits.limit <= position.position;
  return free_files(0, position.file + (ended ? 1 : 0));
}

Result<void> JournalImpl::free_files(std::uint64_t from, std::uint64_t to) {
  FB_CHECK(check_usable());
  bool freed = false;
  for (const auto& [number, row] : index_->all()) {
    if (number < from || number >= to || (current_ && current_->number == number)) continue;
    index_->erase(number);
    auto put = pool_.put(row.path, row.bytes);
    if (!put && put.error().code != Errc::not_found) return fail(std::move(put).error());
    freed = true;
  }
  if (!freed) return {};
  auto synced = files_.sync_directory(path_);
  if (!synced) return fail(std::move(synced).error());
  return {};
}

Result<void> JournalImpl::read(JournalPosition from,
                               const std::function<Result<bool>(const RecoveredEntry&)>& visitor) {
  FileCursor place(files_, index_, from);
  for (;;) {
    FB_TRY(const auto entry, place.next());
    if (!entry) return {};
    FB_TRY(const bool more, visitor(*entry));
    if (!more) return {};
  }
}

std::vector<JournalFileInfo> JournalImpl::file_infos() const {
  std::vector<JournalFileInfo> infos;
  for (const auto& [number, row] : index_->all()) {
    infos.push_back({number, row.bytes, row.traits.lineage.value_or(Lineage{})});
  }
  return infos;
}

Result<void> JournalImpl::close() {
  if (current_) {
    auto closed = current_->file->close();
    current_.reset();
    if (!closed) return fail(std::move(closed).error());
  }
  failed_ = true;  // closed: nothing more is accepted
  lock_.reset();
  return {};
}

Result<void> check_options(const JournalOptions& options) {
  if (!format::is_alignment(options.alignment)) {
    return Error{Errc::invalid_argument,
                 "journal alignment " + std::to_string(options.alignment) + ": use 512 or 4096"};
  }
  const std::uint64_t least = format::kDataStart + 4 * std::uint64_t{format::kAlignmentMax};
  if (options.file_bytes < least || options.file_bytes % format::kAlignmentMax != 0) {
    return Error{Errc::invalid_argument, "journal file size " + std::to_string(options.file_bytes) +
                                             ": use a multiple of 4096 of at least " + std::to_string(least)};
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(FileSystem& files, Entropy& entropy, Logger logger, std::string path,
                                               const JournalOptions& options, const EntryVisitor& visitor,
                                               RecoveryReport& report) {
  FB_CHECK(check_options(options));
  auto journal = std::make_unique<JournalImpl>(files, logger, std::move(path), options);
  FB_CHECK(journal->start(entropy, visitor, report));
  return std::unique_ptr<Journal>(std::move(journal));
}

}  // namespace forebay::spool
