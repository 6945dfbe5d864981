#include "wire/kinesis/put_view_fill.h"

namespace forebay::wire::kinesis {
namespace {

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
  view.clear();
  view.stream_name = view_of(request.stream_name);
  view.stream_arn = view_of(request.stream_arn);
  view.dry_run = request.dry_run.value_or(false);
}

}  // namespace

std::optional<Fault> fill_view(const PutRecordRequest& request, PutView& view) {
  fill_target(view, request);
  view.sequence_number_for_ordering = view_of(request.sequence_number_for_ordering);
  return add_entry(view, request);
}

std::optional<Fault> fill_view(const PutRecordsRequest& request, PutView& view) {
  fill_target(view, request);
  for (const PutRecordsRequestEntry& record : *request.records)
    if (auto fault = add_entry(view, record)) return fault;
  return std::nullopt;
}

}  // namespace forebay::wire::kinesis
