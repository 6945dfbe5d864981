#include "gateway/delivery/stores/directory_store.h"

#include <algorithm>
#include <ranges>

#include "base/hex.h"
#include "wire/s3/location.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::string_view kPartialFolder = ".forebay-partial";
constexpr std::size_t kNameBytesMax = 255;
constexpr std::size_t kKeyBytesMax = 1024;
constexpr std::size_t kDurableFoldersMax = 4096;
constexpr std::size_t kCompareBytes = 1u << 20;
constexpr std::size_t kDepthMax = 600;  // a key of 1,024 bytes has at most 512 parts

/// Failures of the disk are passing ones for a delivery: the operator makes room, and it goes on.
Error as_store_error(Error error, std::string_view what) {
  if (error.code == Errc::io || error.code == Errc::no_space) error.code = Errc::unavailable;
  return std::move(error).with_context(what);
}

/// '/' sorts as it does in keys: "a-b" stands before what is in folder "a".
struct Entry {
  std::string name;  ///< folders with '/'
  FileInfo info;
};

}  // namespace

struct DirectoryStore::Listing {
  std::string_view prefix;
  std::string_view after;
  std::size_t limit = 0;
  std::vector<StoredObject> found;

  /// False when no key that begins with `start` can be wanted.
  [[nodiscard]] bool may_hold(std::string_view start) const {
    const std::size_t common = std::min(start.size(), prefix.size());
    if (start.substr(0, common) != prefix.substr(0, common)) return false;
    return start > after || after.starts_with(start);
  }
};

Result<std::unique_ptr<DirectoryStore>> DirectoryStore::make(FileSystem& files, Entropy& entropy,
                                                             const std::string& root, const std::string& bucket) {
  FB_CHECK(wire::s3::check_bucket(bucket));
  if (!root.starts_with('/'))
    return Error{Errc::invalid_argument, "folder \"" + root + "\" of the buckets must be an absolute path"};
  return std::unique_ptr<DirectoryStore>(new DirectoryStore(files, entropy, join_path(root, bucket)));
}

Result<std::string> DirectoryStore::path_of(std::string_view key) const {
  if (cancelled_) return Error{Errc::cancelled, folder_ + ": stopped"};
  if (auto checked = wire::s3::check_key(key); !checked) return std::move(checked).error().with_context(folder_);
  for (std::string_view rest = key;;) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    if (part.empty() || part.size() > kNameBytesMax || part == kPartialFolder)
      return Error{Errc::invalid_argument, folder_ + ": key \"" + std::string(key) +
                                               "\" is no path: parts between '/' have 1 to 255 bytes and are not " +
                                               std::string(kPartialFolder)};
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  return join_path(folder_, key);
}

Result<PutOutcome> DirectoryStore::put(const ObjectToPut& object) {
  FB_TRY(const std::string path, path_of(object.key));
  const auto place = [&]() -> Result<PutOutcome> {
    FB_TRY(const auto there, files_.stat(path));
    if (there) return compare(path, object.body);
    FB_TRY(const std::string temporary, write_temporary(object.body));
    auto renamed = make_folder(parent_path(path));
    if (renamed) renamed = files_.rename_new(temporary, path);
    if (!renamed) {
      static_cast<void>(files_.remove(temporary));  // what stays is found by abort_leftovers()
      if (renamed.error().code == Errc::already_exists) return compare(path, object.body);
      return std::move(renamed).error();
    }
    FB_CHECK(files_.sync_directory(parent_path(path)));
    return PutOutcome::created;
  };
  auto outcome = place();
  if (!outcome && outcome.error().code == Errc::not_found) {
    // Somebody who empties the bucket takes empty folders away too.
    {
      const std::lock_guard lock(mutex_);
      durable_folders_.clear();
    }
    outcome = place();
  }
  if (!outcome) return as_store_error(std::move(outcome).error(), folder_ + ", put " + object.key);
  return outcome;
}

Result<std::string> DirectoryStore::write_temporary(ByteView body) {
  const std::string folder = join_path(folder_, kPartialFolder);
  FB_CHECK(make_folder(folder));
  std::uint8_t random[16];
  entropy_.fill(random);
  const std::string path = join_path(folder, to_hex(random));
  FB_TRY(const auto file, files_.open(path, OpenMode::create_new));
  auto written = file->write_at(0, body);
  if (written) written = file->sync_data();
  if (written) written = file->close();
  if (written) return path;
  static_cast<void>(files_.remove(path));
  return std::move(written).error();
}

/// An equal object may be there from an attempt that was killed before it synced the folders.
Result<PutOutcome> DirectoryStore::compare(const std::string& path, ByteView body) {
  FB_TRY(const auto info, files_.stat(path));
  if (info && info->is_directory)
    return Error{Errc::invalid_argument, path + " is a folder: other keys begin with this one and '/'"};
  FB_TRY(const auto file, files_.open(path, OpenMode::read));
  FB_TRY(const std::uint64_t size, file->size());
  if (size != body.size()) return PutOutcome::different;
  Buffer block(std::min<std::size_t>(body.size(), kCompareBytes));
  for (std::size_t at = 0; at < body.size();) {
    const ByteView ours = body.subspan(at, std::min(block.size(), body.size() - at));
    FB_TRY(const std::size_t got, file->read_at(at, MutableBytes(block).first(ours.size())));
    if (got != ours.size() || !std::equal(ours.begin(), ours.end(), block.begin())) return PutOutcome::different;
    at += got;
  }
  FB_CHECK(sync_down("/", parent_path(path), std::string::npos));
  return PutOutcome::same;
}

/// The folder exists, durably, with all above it.
Result<void> DirectoryStore::make_folder(const std::string& folder) {
  std::string top = folder;
  {
    const std::lock_guard lock(mutex_);
    while (top != "/" && !durable_folders_.contains(top)) top = parent_path(top);
  }
  if (top == folder) return {};
  std::string existing = folder;
  for (;;) {
    FB_TRY(const auto there, files_.stat(existing));
    if (there || existing == "/") break;
    existing = parent_path(existing);
  }
  FB_CHECK(files_.create_directories(folder));
  FB_CHECK(sync_down(top, parent_path(folder), existing.size()));
  const std::lock_guard lock(mutex_);
  if (durable_folders_.size() >= kDurableFoldersMax) durable_folders_.clear();
  for (std::string at = folder; at != top; at = parent_path(at)) durable_folders_.insert(at);
  return {};
}

Result<void> DirectoryStore::sync_down(const std::string& top, const std::string& folder, std::size_t strict_size) {
  std::vector<std::string> folders;
  for (std::string at = folder; at.size() >= top.size() && folders.size() < kDepthMax; at = parent_path(at)) {
    folders.push_back(at);
    if (at == "/") break;
  }
  // Folders above that of the buckets may be closed to us, or on file systems that cannot sync; what we made there
  // counts.
  const std::size_t ours = std::min(strict_size, parent_path(folder_).size());
  for (const std::string& at : folders | std::views::reverse)
    if (auto synced = files_.sync_directory(at); !synced && at.size() >= ours) return synced;
  return {};
}

Result<std::optional<Buffer>> DirectoryStore::get(std::string_view key, std::size_t bytes_max) {
  FB_TRY(const std::string path, path_of(key));
  FB_TRY(const auto info, files_.stat(path));
  if (!info || info->is_directory) return std::optional<Buffer>();
  auto bytes = read_file(files_, path, bytes_max);
  if (bytes) return std::optional(*std::move(bytes));
  if (bytes.error().code == Errc::not_found) return std::optional<Buffer>();
  return as_store_error(std::move(bytes).error(), folder_ + ", get " + std::string(key));
}

Result<void> DirectoryStore::remove(std::string_view key) {
  FB_TRY(const std::string path, path_of(key));
  FB_TRY(const auto info, files_.stat(path));
  if (!info || info->is_directory) return {};
  auto removed = files_.remove(path);
  if (removed) removed = files_.sync_directory(parent_path(path));
  if (removed || removed.error().code == Errc::not_found) return {};
  return as_store_error(std::move(removed).error(), folder_ + ", remove " + std::string(key));
}

Result<std::vector<StoredObject>> DirectoryStore::list(std::string_view prefix, std::string_view after,
                                                       std::size_t limit) {
  if (cancelled_) return Error{Errc::cancelled, folder_ + ": stopped"};
  Listing listing{prefix, after, limit, {}};
  auto listed = list_folder(folder_, "", listing);
  if (!listed && listed.error().code != Errc::not_found)
    return as_store_error(std::move(listed).error(), folder_ + ", list " + std::string(prefix));
  return std::move(listing.found);
}

Result<void> DirectoryStore::list_folder(const std::string& folder, const std::string& key_so_far, Listing& listing) {
  if (key_so_far.size() > kKeyBytesMax) return {};  // none of ours
  FB_TRY(const auto names, files_.list(folder));
  std::vector<Entry> entries;
  for (const std::string& name : names) {
    if (key_so_far.empty() && name == kPartialFolder) continue;
    if (!listing.may_hold(key_so_far + name) && !listing.may_hold(key_so_far + name + "/")) continue;
    FB_TRY(const auto info, files_.stat(join_path(folder, name)));
    if (info) entries.push_back({info->is_directory ? name + "/" : name, *info});
  }
  std::ranges::sort(entries, {}, &Entry::name);
  for (const Entry& entry : entries) {
    if (listing.found.size() >= listing.limit) return {};
    const std::string key = key_so_far + entry.name;
    if (entry.info.is_directory) {
      if (!listing.may_hold(key)) continue;
      auto inside = list_folder(join_path(folder, entry.name.substr(0, entry.name.size() - 1)), key, listing);
      if (!inside && inside.error().code != Errc::not_found) return inside;
    } else if (key > listing.after && key.starts_with(listing.prefix)) {
      listing.found.push_back({key, entry.info.size, entry.info.modified});
    }
  }
  return {};
}

Result<std::size_t> DirectoryStore::abort_leftovers(std::string_view, std::string_view, WallTime before) {
  if (cancelled_) return Error{Errc::cancelled, folder_ + ": stopped"};
  const std::string folder = join_path(folder_, kPartialFolder);
  const auto names = files_.list(folder);
  if (!names && names.error().code == Errc::not_found) return std::size_t{0};
  if (!names) return as_store_error(names.error(), folder);
  std::size_t removed = 0;
  for (const std::string& name : *names) {
    const std::string path = join_path(folder, name);
    FB_TRY(const auto info, files_.stat(path));
    if (!info || info->is_directory || info->modified >= before) continue;
    FB_CHECK(files_.remove(path));
    ++removed;
  }
  return removed;
}

}  // namespace forebay::gateway::delivery
