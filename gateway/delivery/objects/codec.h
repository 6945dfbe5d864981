#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "gateway/delivery/definition.h"

namespace forebay::gateway::delivery {

/// How objects of a compression are named and marked, in Firehose's words.
struct CodecTraits {
  std::string_view extension;
  std::string_view content_encoding;
};
CodecTraits traits_of(Compression compression);

/// Library, version and level: as long as this text is the same, so are the bytes.
std::string making_of(Compression compression);

/// The same bytes from the same input and `entry_name` (of the one entry of a zip archive).
Buffer compress(Compression compression, Buffer in, std::string_view entry_name);

}  // namespace forebay::gateway::delivery
