#include "cli/decompress.h"

#ifdef FOREBAY_WITH_DECOMPRESSION
#include <libdeflate.h>
#include <zstd.h>
#endif

#include <algorithm>
#include <memory>

namespace forebay::cli {
namespace {

Error unsupported(const std::string& key, const char* kind) {
  return Error{Errc::unsupported,
               key + ": this program does not open " + kind + "; --raw gives objects as they are stored"};
}

#ifdef FOREBAY_WITH_DECOMPRESSION

Error corrupt(const std::string& key, const char* kind) {
  return Error{Errc::corrupt,
               key + ": its bytes are no whole " + kind + " stream; --raw gives them as they are stored"};
}

Error too_large(const std::string& key, std::uint64_t size_max) {
  return Error{Errc::too_large,
               key + ": it opens to more than " + std::to_string(size_max) + " bytes; --raw gives it as it is stored"};
}

struct FreeGzip {
  void operator()(libdeflate_decompressor* context) const { libdeflate_free_decompressor(context); }
};
struct FreeZstd {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

constexpr std::size_t kFirstRoom = 64u << 10;
constexpr std::size_t kUsualRatio = 8;

/// One member or several in a row, as gzip itself takes them.
Result<Buffer> gunzip(const std::string& key, ByteView in, std::uint64_t size_max) {
  const std::unique_ptr<libdeflate_decompressor, FreeGzip> context(libdeflate_alloc_decompressor());
  if (!context) return Error{Errc::no_space, "no memory to open " + key};
  Buffer out;
  std::size_t size = 0;
  std::size_t room = std::max(kFirstRoom, in.size() * kUsualRatio);
  while (!in.empty()) {
    if (size + room > size_max) room = static_cast<std::size_t>(size_max) - size;
    out.resize(size + room);
    std::size_t used = 0, made = 0;
    const auto result =
        libdeflate_gzip_decompress_ex(context.get(), in.data(), in.size(), out.data() + size, room, &used, &made);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
      if (size + room >= size_max) return too_large(key, size_max);
      room *= 2;
      continue;
    }
    if (result != LIBDEFLATE_SUCCESS) return corrupt(key, "gzip");
    size += made;
    in = in.subspan(used);
  }
  out.resize(size);
  return out;
}

Result<Buffer> unzstd(const std::string& key, ByteView in, std::uint64_t size_max) {
  const std::unique_ptr<ZSTD_DCtx, FreeZstd> context(ZSTD_createDCtx());
  if (!context) return Error{Errc::no_space, "no memory to open " + key};
  Buffer out;
  ZSTD_inBuffer source{in.data(), in.size(), 0};
  std::size_t left = 1;
  while (source.pos < source.size || left != 0) {
    const std::size_t size = out.size();
    const std::size_t room = std::min<std::uint64_t>(std::max(ZSTD_DStreamOutSize(), size), size_max - size);
    if (room == 0) return too_large(key, size_max);
    out.resize(size + room);
    ZSTD_outBuffer target{out.data() + size, room, 0};
    const std::size_t before = source.pos;
    left = ZSTD_decompressStream(context.get(), &target, &source);
    out.resize(size + target.pos);
    const bool stuck = source.pos == before && target.pos == 0;
    if (ZSTD_isError(left) || (stuck && left != 0)) return corrupt(key, "zstd");
    if (stuck) break;
  }
  return out;
}

#endif

}  // namespace

Result<Buffer> decompress_object(const std::string& key, Buffer bytes, [[maybe_unused]] std::uint64_t size_max) {
  if (key.ends_with(".zip")) return unsupported(key, "ZIP");
  if (key.ends_with(".snappy") || key.ends_with(".hsnappy")) return unsupported(key, "Snappy");
  const bool gzip = key.ends_with(".gz"), zstd = key.ends_with(".zst");
  if (!gzip && !zstd) return bytes;
#ifdef FOREBAY_WITH_DECOMPRESSION
  return gzip ? gunzip(key, bytes, size_max) : unzstd(key, bytes, size_max);
#else
  return unsupported(key, gzip ? "gzip" : "zstd");
#endif
}

}  // namespace forebay::cli
