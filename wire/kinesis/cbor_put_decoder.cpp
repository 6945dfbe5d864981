#include "wire/kinesis/cbor_put_decoder.h"

#include "wire/kinesis/cbor_decode.h"
#include "wire/kinesis/cbor_put_fast_path.h"
#include "wire/kinesis/put_view_fill.h"

namespace forebay::wire::kinesis {
namespace {

template <class Request>
std::optional<Fault> decode_and_fill(ByteView body, Request& request, PutView& view) {
  view.clear();
  if (auto fault = decode_cbor(body, request)) return fault;
  if (auto fault = validate(request)) return fault;
  return fill_view(request, view);
}

}  // namespace

std::optional<Fault> CborPutDecoder::decode_put_record(ByteView body) {
  view_.clear();
  if (read_cbor_put_record(body, view_)) return std::nullopt;
  return decode_and_fill(body, record_, view_);
}

std::optional<Fault> CborPutDecoder::decode_put_records(ByteView body) {
  view_.clear();
  if (read_cbor_put_records(body, view_)) return std::nullopt;
  return decode_and_fill(body, records_, view_);
}

void CborPutDecoder::trim() {
  view_.clear();
  record_ = {};
  records_ = {};
}

}  // namespace forebay::wire::kinesis
