#pragma once

#include "base/bytes.h"
#include "wire/kinesis/put_view.h"

/// The usual form of PutRecord and PutRecords in CBOR, read with one pass of the cursor and without a copy. Never
/// explains: false means that the general decoder must look at the request, and `view` is unspecified.
namespace forebay::wire::kinesis {

/// `view` is empty before; afterwards it points into `body`.
bool read_cbor_put_record(ByteView body, PutView& view);
bool read_cbor_put_records(ByteView body, PutView& view);

}  // namespace forebay::wire::kinesis
