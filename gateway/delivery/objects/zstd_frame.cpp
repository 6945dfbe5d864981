#include "gateway/delivery/objects/zstd_frame.h"

#include <zstd.h>

#include <memory>

#include "base/assert.h"

namespace forebay::gateway::delivery {
namespace {

constexpr int kLevel = 3;

struct Free {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

}  // namespace

std::string zstd_making() { return std::string("zstd ") + ZSTD_versionString() + " level " + std::to_string(kLevel); }

Buffer zstd_compress(ByteView in) {
  const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
  FB_ASSERT(context != nullptr);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 1);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  Buffer out(ZSTD_compressBound(in.size()));
  const std::size_t size = ZSTD_compress2(context.get(), out.data(), out.size(), in.data(), in.size());
  FB_ASSERT(!ZSTD_isError(size));  // only when the destination is too small, and it never is
  out.resize(size);
  return out;
}

}  // namespace forebay::gateway::delivery
