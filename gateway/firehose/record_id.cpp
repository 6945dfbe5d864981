#include "gateway/firehose/record_id.h"

namespace forebay::gateway::firehose {

std::string new_record_id(http::RequestIds& ids) {
  std::string id;
  id.reserve(kRecordIdCharacters + 96);
  while (id.size() < kRecordIdCharacters) ids.append_extended_id(id);
  id.resize(kRecordIdCharacters);
  return id;
}

std::string random_partition_key(http::RequestIds& ids) {
  std::string key;
  ids.append_uuid(key);
  return key;
}

}  // namespace forebay::gateway::firehose
