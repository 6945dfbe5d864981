#include "gateway/delivery/objects/codec.h"

#include "base/assert.h"
#include "gateway/delivery/objects/deflate.h"
#include "gateway/delivery/objects/snappy_framing.h"
#include "gateway/delivery/objects/zstd_frame.h"

namespace forebay::gateway::delivery {

CodecTraits traits_of(Compression compression) {
  switch (compression) {
    case Compression::none: return {"", ""};
    case Compression::gzip: return {".gz", "gzip"};
    case Compression::zip: return {".zip", "zip"};
    case Compression::snappy: return {".snappy", "snappy-java"};
    case Compression::hadoop_snappy: return {".snappy", "hadoop-snappy"};
    case Compression::zstd: return {".zst", "zstd"};
  }
  FB_UNREACHABLE();
}

std::string making_of(Compression compression) {
  switch (compression) {
    case Compression::none: return "none";
    case Compression::gzip: return "gzip " + deflate_making();
    case Compression::zip: return "zip " + deflate_making();
    case Compression::snappy: return "snappy-java " + snappy_making();
    case Compression::hadoop_snappy: return "hadoop-snappy " + snappy_making();
    case Compression::zstd: return zstd_making();
  }
  FB_UNREACHABLE();
}

Buffer compress(Compression compression, Buffer in, std::string_view entry_name) {
  switch (compression) {
    case Compression::none: return in;
    case Compression::gzip: return gzip_compress(in);
    case Compression::zip: return zip_compress(in, entry_name);
    case Compression::snappy: return snappy_java_compress(in);
    case Compression::hadoop_snappy: return hadoop_snappy_compress(in);
    case Compression::zstd: return zstd_compress(in);
  }
  FB_UNREACHABLE();
}

}  // namespace forebay::gateway::delivery
