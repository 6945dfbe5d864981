#include "gateway/delivery/objects/deflate.h"

#include <libdeflate.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "base/assert.h"
#include "base/byte_writer.h"

namespace forebay::gateway::delivery {
namespace {

constexpr int kLevel = 5;  // 196 MB/s at ratio 6.8 of JSON lines, where 6 makes 123 MB/s at 7.0
constexpr std::size_t kFirstRoom = 16 << 10;

struct Free {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
  void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
};

using Compressor = std::unique_ptr<libdeflate_compressor, Free>;
using Decompressor = std::unique_ptr<libdeflate_decompressor, Free>;

/// Fails only without memory.
Compressor make_compressor() {
  Compressor compressor(libdeflate_alloc_compressor(kLevel));
  FB_ASSERT(compressor != nullptr);
  return compressor;
}

Buffer deflate(ByteView in) {
  const Compressor compressor = make_compressor();
  Buffer out(libdeflate_deflate_compress_bound(compressor.get(), in.size()));
  const std::size_t size = libdeflate_deflate_compress(compressor.get(), in.data(), in.size(), out.data(), out.size());
  FB_ASSERT(size != 0);
  out.resize(size);
  return out;
}

/// What local header and directory of a zip archive have in common.
struct ZipEntry {
  std::uint32_t crc;
  std::uint32_t compressed;
  std::uint32_t size;
  std::string_view name;
};

void write_zip_fields(ByteWriter& out, const ZipEntry& entry) {
  constexpr std::uint16_t kVersion = 20;
  constexpr std::uint16_t kDeflated = 8;
  constexpr std::uint16_t kFirstDate = 1 << 5 | 1;  // 1980-01-01
  out.u16_le(kVersion);
  out.u16_le(0);  // flags
  out.u16_le(kDeflated);
  out.u16_le(0);  // 00:00:00
  out.u16_le(kFirstDate);
  out.u32_le(entry.crc);
  out.u32_le(entry.compressed);
  out.u32_le(entry.size);
  out.u16_le(static_cast<std::uint16_t>(entry.name.size()));
  out.u16_le(0);  // extra field
}

Error bad_gzip(std::string_view why) { return Error{Errc::corrupt, "gzip: " + std::string(why)}; }

/// Appends the content of the member `in` begins with; how many bytes of `in` it took.
Result<std::size_t> decompress_member(libdeflate_decompressor* context, ByteView in, std::size_t size_max,
                                      Buffer& out) {
  const std::size_t start = out.size();
  std::size_t room = std::min(std::max(kFirstRoom, in.size() * 4), size_max - start);
  for (;;) {
    out.resize(start + room);
    std::size_t taken = 0;
    std::size_t made = 0;
    const auto result =
        libdeflate_gzip_decompress_ex(context, in.data(), in.size(), out.data() + start, room, &taken, &made);
    if (result == LIBDEFLATE_SUCCESS) {
      out.resize(start + made);
      return taken;
    }
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE) return bad_gzip("no gzip data, or damaged");
    if (start + room == size_max)
      return Error{Errc::too_large, "gzip: more than " + std::to_string(size_max) + " bytes of content"};
    room = std::min(room * 4, size_max - start);
  }
}

}  // namespace

std::string deflate_making() { return "libdeflate, level " + std::to_string(kLevel) + ", " LIBDEFLATE_VERSION_STRING; }

Buffer gzip_compress(ByteView in) {
  const Compressor compressor = make_compressor();
  Buffer out(libdeflate_gzip_compress_bound(compressor.get(), in.size()));
  const std::size_t size = libdeflate_gzip_compress(compressor.get(), in.data(), in.size(), out.data(), out.size());
  FB_ASSERT(size != 0);
  out.resize(size);
  return out;
}

Buffer zip_compress(ByteView in, std::string_view entry_name) {
  const Buffer body = deflate(in);
  FB_ASSERT(in.size() < std::numeric_limits<std::uint32_t>::max() &&
            body.size() < std::numeric_limits<std::uint32_t>::max());
  const ZipEntry entry{libdeflate_crc32(0, in.data(), in.size()), static_cast<std::uint32_t>(body.size()),
                       static_cast<std::uint32_t>(in.size()), entry_name};
  Buffer out;
  out.reserve(body.size() + 256);
  ByteWriter writer(out);
  writer.u32_le(0x04034b50);
  write_zip_fields(writer, entry);
  writer.text(entry_name);
  writer.bytes(body);
  const std::size_t directory = out.size();
  writer.u32_le(0x02014b50);
  writer.u16_le(20);  // made by: version 2.0 on DOS, so no file modes
  write_zip_fields(writer, entry);
  writer.zeros(2 + 2 + 2 + 4 + 4);  // comment, disk, attributes twice, position of the local header
  writer.text(entry_name);
  const std::size_t end = out.size();
  writer.u32_le(0x06054b50);
  writer.zeros(2 + 2);  // disks
  writer.u16_le(1);
  writer.u16_le(1);
  writer.u32_le(static_cast<std::uint32_t>(end - directory));
  writer.u32_le(static_cast<std::uint32_t>(directory));
  writer.u16_le(0);  // comment
  return out;
}

bool is_gzip(ByteView in) { return in.size() >= 2 && in[0] == 0x1f && in[1] == 0x8b; }

Result<Buffer> gzip_decompress(ByteView in, std::size_t size_max) {
  if (!is_gzip(in)) return bad_gzip("wrong magic");
  const Decompressor context(libdeflate_alloc_decompressor());
  FB_ASSERT(context != nullptr);
  Buffer out;
  while (!in.empty()) {
    FB_TRY(const std::size_t taken, decompress_member(context.get(), in, size_max, out));
    in = in.subspan(taken);
  }
  return out;
}

}  // namespace forebay::gateway::delivery
