#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/delivery/definition.h"

namespace forebay::gateway::firehose {

/// Columns by the name under which `[[delivery_schema]]` declares them: what SchemaConfiguration's TableName means
/// here, where there is no Glue catalogue. A delivery stream keeps the columns it was created or updated with.
using DeclaredSchemas = std::map<std::string, std::vector<delivery::Column>, std::less<>>;

}  // namespace forebay::gateway::firehose
