#include "wire/kinesis/put_decoder.h"

#include <cstring>

#include "wire/kinesis/json_decode.h"
#include "wire/kinesis/put_fast_path.h"
#include "wire/kinesis/put_view_fill.h"

namespace forebay::wire::kinesis {

/// What the views point into.
struct PutDecoder::Scratch {
  PutFastPath fast;
  Buffer arena;        ///< decoded data of the fast path
  std::string padded;  ///< copy of a body without padding
  PutRecordRequest record;
  PutRecordsRequest records;

  /// The body with readable bytes behind it.
  std::string_view pad(std::string_view body, std::size_t readable_after) {
    if (readable_after >= kPadding) return body;
    padded.resize(body.size() + kPadding);
    if (!body.empty()) std::memcpy(padded.data(), body.data(), body.size());
    return std::string_view(padded).substr(0, body.size());
  }
};

namespace {

template <class Request>
std::optional<Fault> read(std::string_view body, Request& request) {
  if (auto fault = decode_json(body, request)) return fault;
  return validate(request);
}

}  // namespace

PutDecoder::PutDecoder() : scratch_(std::make_unique<Scratch>()) {}
PutDecoder::~PutDecoder() = default;

std::optional<Fault> PutDecoder::decode_put_record(std::string_view body, std::size_t readable_after) {
  view_.clear();
  scratch_->arena.clear();
  scratch_->arena.reserve(body.size() / 4 * 3 + 3);
  if (scratch_->fast.read_put_record(scratch_->pad(body, readable_after), view_, scratch_->arena)) return std::nullopt;
  view_.clear();
  if (auto fault = read(body, scratch_->record)) return fault;
  return fill_view(scratch_->record, view_);
}

std::optional<Fault> PutDecoder::decode_put_records(std::string_view body, std::size_t readable_after) {
  view_.clear();
  scratch_->arena.clear();
  scratch_->arena.reserve(body.size() / 4 * 3 + 3);
  if (scratch_->fast.read_put_records(scratch_->pad(body, readable_after), view_, scratch_->arena)) return std::nullopt;
  view_.clear();
  if (auto fault = read(body, scratch_->records)) return fault;
  return fill_view(scratch_->records, view_);
}

void PutDecoder::trim(std::size_t bytes_max) {
  view_.clear();
  scratch_->record = {};
  scratch_->records = {};
  if (scratch_->arena.capacity() + scratch_->padded.capacity() <= bytes_max) return;
  scratch_->arena = Buffer();
  scratch_->padded = std::string();
  scratch_->fast.trim();
}

}  // namespace forebay::wire::kinesis
