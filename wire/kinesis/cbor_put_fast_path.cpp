#include "wire/kinesis/cbor_put_fast_path.h"

#include "wire/kinesis/cbor_reader.h"
#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {
namespace {

using Kind = CborReader::Kind;

/// Reads a string that satisfies its rule and was not there before.
bool take_text(CborReader& in, const Rule& rule, std::optional<std::string_view>& out) {
  if (out || in.peek() != Kind::text) return false;
  const std::string_view text = in.text_view();
  if (!in.ok() || !fits(text, rule)) return false;
  out = text;
  return true;
}

/// Members of one record, in whatever order they come.
struct Members {
  std::optional<ByteView> data;
  std::optional<std::string_view> partition_key;
  std::optional<std::string_view> explicit_hash_key;

  /// Empty when the member is none of a record.
  std::optional<bool> take(std::string_view name, CborReader& in) {
    if (name == rules::kData.name) return take_data(in);
    if (name == rules::kPartitionKey.name) return take_text(in, rules::kPartitionKey, partition_key);
    if (name == rules::kExplicitHashKey.name) return take_text(in, rules::kExplicitHashKey, explicit_hash_key);
    return std::nullopt;
  }

  bool take_data(CborReader& in) {
    if (data || in.peek() != Kind::bytes) return false;
    data = in.bytes_view();
    return in.ok() && static_cast<std::int64_t>(data->size()) <= kDataBytesMax;
  }

  bool finish(PutView& view) const {
    if (!data || !partition_key) return false;
    PutView::Entry& entry = view.entries.emplace_back();
    entry.partition_key = *partition_key;
    entry.data = *data;
    if (!explicit_hash_key) return true;
    entry.explicit_hash_key = hash_key_from_decimal(*explicit_hash_key);
    return entry.explicit_hash_key.has_value();
  }
};

/// Members that name the stream.
std::optional<bool> take_target(std::string_view name, CborReader& in, PutView& view) {
  if (name == rules::kStreamName.name) return take_text(in, rules::kStreamName, view.stream_name);
  if (name == rules::kStreamArn.name) return take_text(in, rules::kStreamArn, view.stream_arn);
  return std::nullopt;
}

/// Calls take(name) for every member of the map that comes next; false at the first mistake or unknown member.
template <class Take>
bool for_each_member(CborReader& in, Take take) {
  if (in.peek() != Kind::map) return false;
  in.begin_map();
  std::string_view name;
  while (in.next_key_view(name))
    if (!take(name)) return false;
  return in.ok();
}

bool take_records(CborReader& in, PutView& view) {
  if (!view.entries.empty() || in.peek() != Kind::array) return false;
  in.begin_array();
  while (in.next_element()) {
    Members members;
    if (view.entries.size() >= kRecordsMax ||
        !for_each_member(in, [&](std::string_view name) { return members.take(name, in).value_or(false); }) ||
        !members.finish(view))
      return false;
  }
  return in.ok() && !view.entries.empty();
}

}  // namespace

bool read_cbor_put_record(ByteView body, PutView& view) {
  CborReader in(body);
  Members members;
  const Rule ordering = rules::kSequenceNumber.named("SequenceNumberForOrdering");
  auto take = [&](std::string_view name) {
    if (auto taken = members.take(name, in)) return *taken;
    if (auto taken = take_target(name, in, view)) return *taken;
    return name == ordering.name && take_text(in, ordering, view.sequence_number_for_ordering);
  };
  return for_each_member(in, take) && in.at_end() && members.finish(view);
}

bool read_cbor_put_records(ByteView body, PutView& view) {
  CborReader in(body);
  auto take = [&](std::string_view name) {
    if (name == "Records") return take_records(in, view);
    return take_target(name, in, view).value_or(false);
  };
  return for_each_member(in, take) && in.at_end() && !view.entries.empty();
}

}  // namespace forebay::wire::kinesis
