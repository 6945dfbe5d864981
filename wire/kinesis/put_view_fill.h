#pragma once

#include "wire/kinesis/error_type.h"
#include "wire/kinesis/put_view.h"
#include "wire/kinesis/shapes/put_record.h"
#include "wire/kinesis/shapes/put_records.h"

namespace forebay::wire::kinesis {

/// Views into a request that the general decoder read and validated. The request outlives the view.
/// Success  empty. Otherwise InvalidArgumentException for an ExplicitHashKey over 2^128-1.
std::optional<Fault> fill_view(const PutRecordRequest& request, PutView& view);
std::optional<Fault> fill_view(const PutRecordsRequest& request, PutView& view);

}  // namespace forebay::wire::kinesis
