#pragma once

#include <string>

#include "wire/kinesis/json_value_reader.h"

namespace forebay::gateway::delivery {

/// Reads the next value of any kind and appends it as JSON without blanks; numbers stay as written. A mistake in it is
/// a mistake of the reader.
void append_compact_json(wire::kinesis::JsonReader& in, std::string& out);

}  // namespace forebay::gateway::delivery
