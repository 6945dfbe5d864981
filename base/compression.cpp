#include "base/compression.h"

#include <lz4frame.h>

#include <algorithm>
#include <memory>

#include "base/assert.h"

namespace forebay {
namespace {

constexpr std::uint32_t kFrameMagic = 0x184d2204;
constexpr std::size_t kFirstRoom = 64 << 10;

struct Free {
  void operator()(LZ4F_cctx* context) const { LZ4F_freeCompressionContext(context); }
  void operator()(LZ4F_dctx* context) const { LZ4F_freeDecompressionContext(context); }
};

std::unique_ptr<LZ4F_cctx, Free> make_compressor() {
  LZ4F_cctx* context = nullptr;
  FB_ASSERT(!LZ4F_isError(LZ4F_createCompressionContext(&context, LZ4F_VERSION)));
  return std::unique_ptr<LZ4F_cctx, Free>(context);
}

std::unique_ptr<LZ4F_dctx, Free> make_decompressor() {
  LZ4F_dctx* context = nullptr;
  FB_ASSERT(!LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)));
  return std::unique_ptr<LZ4F_dctx, Free>(context);
}

LZ4F_preferences_t frame_form() {
  LZ4F_preferences_t form{};
  form.frameInfo.blockSizeID = LZ4F_max64KB;
  form.frameInfo.blockMode = LZ4F_blockIndependent;
  form.frameInfo.contentChecksumFlag = LZ4F_noContentChecksum;
  form.frameInfo.blockChecksumFlag = LZ4F_noBlockChecksum;
  form.autoFlush = 1;  // blocks are compressed straight from the input
  return form;
}

/// Compression fails only when the destination is too small, and it never is.
std::size_t written(std::size_t result) {
  FB_ASSERT(!LZ4F_isError(result));
  return result;
}

Error bad_frame(std::string_view why) {
  return Error{Errc::corrupt, "lz4 frame: " + std::string(why) + "; the sender must send one whole frame"};
}

bool starts_like_a_frame(ByteView in) {
  if (in.size() < 7) return false;
  const std::uint32_t magic = in[0] | in[1] << 8 | in[2] << 16 | static_cast<std::uint32_t>(in[3]) << 24;
  return magic == kFrameMagic;
}

/// Room grows with what really comes out, never ahead of it by more than a doubling.
void grow(Buffer& out, std::size_t start, std::size_t used, std::size_t size_max) {
  const std::size_t wanted = std::max(kFirstRoom, used * 2);
  out.resize(start + std::min(wanted, size_max));
}

/// Leaves `context` in the middle of the frame when it fails.
Result<void> decompress(LZ4F_dctx* context, ByteView in, std::size_t size_max, Buffer& out) {
  LZ4F_resetDecompressionContext(context);
  const std::size_t start = out.size();
  std::size_t produced = 0;
  for (std::size_t taken = 0;;) {
    if (start + produced == out.size()) grow(out, start, produced, size_max);
    // At the limit one more byte shows whether there is more.
    std::uint8_t beyond = 0;
    const bool at_limit = produced == size_max;
    std::size_t room = at_limit ? 1 : out.size() - start - produced;
    std::size_t step = in.size() - taken;
    const std::size_t hint = LZ4F_decompress(context, at_limit ? &beyond : out.data() + start + produced, &room,
                                             in.data() + taken, &step, nullptr);
    if (LZ4F_isError(hint)) return bad_frame(LZ4F_getErrorName(hint));
    if (at_limit && room != 0)
      return Error{Errc::too_large, "lz4 frame: more than " + std::to_string(size_max) + " bytes of content"};
    taken += step;
    produced += room;
    if (hint == 0 && taken != in.size()) return bad_frame("bytes after its end");
    if (hint == 0) break;
    if (step == 0 && room == 0) return bad_frame("cut short");
  }
  out.resize(start + produced);
  return {};
}

}  // namespace

void lz4_frame_compress(ByteView in, Buffer& out) {
  thread_local const auto context = make_compressor();
  const LZ4F_preferences_t form = frame_form();
  const std::size_t start = out.size();
  out.resize(start + LZ4F_HEADER_SIZE_MAX + LZ4F_compressBound(in.size(), &form));
  std::size_t at = start;
  at += written(LZ4F_compressBegin(context.get(), out.data() + at, out.size() - at, &form));
  if (!in.empty())
    at += written(LZ4F_compressUpdate(context.get(), out.data() + at, out.size() - at, in.data(), in.size(), nullptr));
  at += written(LZ4F_compressEnd(context.get(), out.data() + at, out.size() - at, nullptr));
  out.resize(at);
}

Result<void> lz4_frame_decompress(ByteView in, std::size_t size_max, Buffer& out) {
  if (!starts_like_a_frame(in)) return bad_frame("wrong magic");
  thread_local auto context = make_decompressor();
  auto done = decompress(context.get(), in, size_max, out);
  // The reset of lz4 1.9.4 keeps how much content a broken frame still promised, and the next good frame would be
  // refused for it.
  if (!done) context = make_decompressor();
  return done;
}

}  // namespace forebay
