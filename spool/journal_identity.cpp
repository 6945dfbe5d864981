#include "spool/journal_identity.h"

#include <algorithm>
#include <cstring>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/crc32c.h"
#include "spool/format.h"
#include "spool/journal_names.h"

namespace forebay::spool {

namespace layout = format::identity;

static std::optional<Root> parse(ByteView bytes) {
  if (bytes.size() != layout::kSize || std::memcmp(bytes.data(), layout::kMagic, sizeof layout::kMagic) != 0) {
    return std::nullopt;
  }
  if (ByteReader(bytes.subspan(layout::kCrcAt)).u32_le() != crc32c(bytes.first(layout::kCrcAt))) return std::nullopt;
  Root root;
  std::copy_n(bytes.begin() + layout::kRootAt, root.size(), root.begin());
  return root;
}

static Buffer encode(const Root& root) {
  Buffer bytes;
  ByteWriter writer(bytes);
  writer.text({layout::kMagic, sizeof layout::kMagic});
  writer.u32_le(format::kVersion);
  writer.u32_le(0);
  writer.bytes(root);
  writer.u32_le(crc32c(bytes));
  return bytes;
}

Result<std::optional<Root>> read_identity_file(FileSystem& files, const std::string& path) {
  const std::string name = join_path(path, kIdentityFileName);
  FB_TRY(const auto info, files.stat(name));
  if (!info || info->size != layout::kSize) return std::optional<Root>();
  auto bytes = read_file(files, name, layout::kSize);
  if (!bytes) return std::optional<Root>();  // an unreadable sector is damage like any other
  return parse(*bytes);
}

Result<Root> load_or_create_root(FileSystem& files, Entropy& entropy, const std::string& path) {
  FB_TRY(auto root, read_identity_file(files, path));
  if (root) return *root;
  FB_TRY(root, find_root(files, path));
  if (!root) {
    root.emplace();
    entropy.fill(*root);
  }
  FB_CHECK(replace_file(files, join_path(path, kIdentityFileName), encode(*root)));
  return *root;
}

}  // namespace forebay::spool
