#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/units.h"

namespace forebay::wire::s3 {

struct ListedObject {
  std::string key;
  std::uint64_t size = 0;
  WallTime modified;
  friend bool operator==(const ListedObject&, const ListedObject&) = default;
};

/// One page of ListObjectsV2.
struct ObjectPage {
  std::vector<ListedObject> objects;
  bool truncated = false;
  std::string next_token;  ///< for the next page when truncated; some servers leave it out
};
/// Keys are decoded when the answer says EncodingType url. Errors  corrupt: not such an answer, and what is wrong.
Result<ObjectPage> parse_object_page(std::string_view document);

/// One page of ListMultipartUploads.
struct ListedUpload {
  std::string key;
  std::string upload_id;
  WallTime initiated;
  friend bool operator==(const ListedUpload&, const ListedUpload&) = default;
};
struct UploadPage {
  std::vector<ListedUpload> uploads;
  bool truncated = false;
  std::string next_key;
  std::string next_upload_id;
};
Result<UploadPage> parse_upload_page(std::string_view document);

}  // namespace forebay::wire::s3
