#pragma once

#include <string>

#include "cli/kinesis_client.h"

namespace forebay::cli {

/// How `forebay tail` shows a record.
enum class RecordFormat : std::uint8_t {
  line,  ///< time, key, payload; control characters escaped
  raw,   ///< the payload's bytes and a newline
  json,  ///< one JSON object: shard, sequence_number, time, key, data (or data_base64 when it is not UTF-8)
};

/// One output line with its newline.
std::string format_record(const ReadRecord& record, RecordFormat format, bool color);

}  // namespace forebay::cli
