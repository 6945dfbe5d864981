// Messages between agent and gateway, both directions: what is read is written as the same bytes.
#include <algorithm>

#include "tests/fuzz/targets.h"
#include "wire/upload/limits.h"
#include "wire/upload/messages.h"

namespace forebay::fuzz {
namespace {

using namespace wire::upload;

template <class Message>
void check(ByteView input, Result<Message> (*decode)(ByteView)) {
  const auto message = decode(input);
  if (!message.ok()) return;
  Buffer written;
  encode(message.value(), written);
  require(std::equal(written.begin(), written.end(), input.begin(), input.end()),
          "a message is written as it was read");
}

void check_batches(ByteView input) {
  const auto request = decode_batches_request(input);
  if (!request.ok()) return;
  require(request.value().batches.size() <= kBatchesMax, "batches fit their limit");
  std::size_t size = encoded_size_without_batches(request.value());
  for (const UploadBatch& batch : request.value().batches) {
    require(batch.parts.size() <= kPartsMax, "parts fit their limit");
    size += encoded_size(batch);
    for (const ByteView part : batch.parts)
      require(part.empty() || (part.data() >= input.data() && part.data() + part.size() <= input.data() + input.size()),
              "a part is inside its request");
  }
  require(size == input.size(), "the size of a request is the sum of its batches");
}

}  // namespace

void upload(ByteView input) {
  check(input, decode_open_request);
  check(input, decode_open_reply);
  check(input, decode_batches_request);
  check(input, decode_batches_reply);
  check(input, decode_close_request);
  check_batches(input);
}

}  // namespace forebay::fuzz
