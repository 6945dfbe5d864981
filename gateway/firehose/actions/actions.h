#pragma once

#include "gateway/firehose/action.h"

/// One function per call, each in the file of its name.
namespace forebay::gateway::firehose {

Task<Reply> create_delivery_stream(Call& call);
Task<Reply> delete_delivery_stream(Call& call);
Task<Reply> describe_delivery_stream(Call& call);
Task<Reply> list_delivery_streams(Call& call);
Task<Reply> list_tags_for_delivery_stream(Call& call);
Task<Reply> put_record(Call& call);
Task<Reply> put_record_batch(Call& call);
Task<Reply> start_delivery_stream_encryption(Call& call);
Task<Reply> stop_delivery_stream_encryption(Call& call);
Task<Reply> tag_delivery_stream(Call& call);
Task<Reply> untag_delivery_stream(Call& call);
Task<Reply> update_destination(Call& call);

}  // namespace forebay::gateway::firehose
