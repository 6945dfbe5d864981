#pragma once

#include "gateway/aws/encoding.h"

namespace forebay::gateway::kinesis {

using aws::content_type_of;
using aws::Encoding;

}  // namespace forebay::gateway::kinesis
