#include "wire/kinesis/put_decoder.h"

#include <cstring>

#include "wire/kinesis/json_decode.h"
#include "wire/kinesis/put_fast_path.h"
#include "wire/kinesis/shapes/put_record.h"
#include "wire/kinesis/shapes/put_records.h"

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

void clear(PutView& view) {
  view.stream_name.reset();
  view.stream_arn.reset();
  view.sequence_number_for_ordering.reset();
  view.dry_run = false;
  view.entries.clear();
}

std::optional<std::string_view> view_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return std::string_view(*text);
}

/// One validated record, of either request.
template <class Record>
std::optional<Fault> add_entry(PutView& view, const Record& record) {
  PutView::Entry& entry = view.entries.emplace_back();
  entry.partition_key = *record.partition_key;
  entry.data = *record.data;
  if (!record.explicit_hash_key) return std::nullopt;
  entry.explicit_hash_key = hash_key_from_decimal(*record.explicit_hash_key);
  if (entry.explicit_hash_key) return std::nullopt;
  return Fault{ErrorType::invalid_argument,
               "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was " +
                   *record.explicit_hash_key};
}

template <class Request>
void fill_target(PutView& view, const Request& request) {
  view.stream_name = view_of(request.stream_name);
  view.stream_arn = view_of(request.stream_arn);
  view.dry_run = request.dry_run.value_or(false);
}

template <class Request>
std::optional<Fault> read(std::string_view body, Request& request) {
  if (auto fault = decode_json(body, request)) return fault;
  return validate(request);
}

}  // namespace

PutDecoder::PutDecoder() : scratch_(std::make_unique<Scratch>()) {}
PutDecoder::~PutDecoder() = default;

std::optional<Fault> PutDecoder::decode_put_record(std::string_view body, std::size_t readable_after) {
  clear(view_);
  scratch_->arena.clear();
  scratch_->arena.reserve(body.size() / 4 * 3 + 3);
  if (scratch_->fast.read_put_record(scratch_->pad(body, readable_after), view_, scratch_->arena)) return std::nullopt;
  clear(view_);
  if (auto fault = read(body, scratch_->record)) return fault;
  fill_target(view_, scratch_->record);
  view_.sequence_number_for_ordering = view_of(scratch_->record.sequence_number_for_ordering);
  return add_entry(view_, scratch_->record);
}

std::optional<Fault> PutDecoder::decode_put_records(std::string_view body, std::size_t readable_after) {
  clear(view_);
  scratch_->arena.clear();
  scratch_->arena.reserve(body.size() / 4 * 3 + 3);
  if (scratch_->fast.read_put_records(scratch_->pad(body, readable_after), view_, scratch_->arena)) return std::nullopt;
  clear(view_);
  if (auto fault = read(body, scratch_->records)) return fault;
  fill_target(view_, scratch_->records);
  for (const PutRecordsRequestEntry& record : *scratch_->records.records)
    if (auto fault = add_entry(view_, record)) return fault;
  return std::nullopt;
}

void PutDecoder::trim(std::size_t bytes_max) {
  clear(view_);
  scratch_->record = {};
  scratch_->records = {};
  if (scratch_->arena.capacity() + scratch_->padded.capacity() <= bytes_max) return;
  scratch_->arena = Buffer();
  scratch_->padded = std::string();
  scratch_->fast.trim();
}

}  // namespace forebay::wire::kinesis
