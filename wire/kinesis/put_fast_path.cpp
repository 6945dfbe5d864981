#include "wire/kinesis/put_fast_path.h"

#include "wire/kinesis/rules.h"

#if FOREBAY_WITH_SIMDJSON
#include <simdjson.h>

#include "base/base64.h"
#endif

namespace forebay::wire::kinesis {

#if FOREBAY_WITH_SIMDJSON

static_assert(PutDecoder::kPadding >= simdjson::SIMDJSON_PADDING);

struct PutFastPath::Parser {
  simdjson::ondemand::parser parser;
};

namespace {

using simdjson::ondemand::document;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

/// Reads a string that satisfies its rule and was not there before.
bool take_text(value in, const Rule& rule, std::optional<std::string_view>& out) {
  std::string_view text;
  if (out || in.get_string().get(text) != simdjson::SUCCESS || !fits(text, rule)) return false;
  out = text;
  return true;
}

/// Members of one record, in whatever order they come.
struct Members {
  std::optional<std::string_view> data;
  std::optional<std::string_view> partition_key;
  std::optional<std::string_view> explicit_hash_key;

  /// Empty when the member is none of a record.
  std::optional<bool> take(std::string_view name, value in) {
    if (name == rules::kData.name) return !data && in.get_string().get(data.emplace()) == simdjson::SUCCESS;
    if (name == rules::kPartitionKey.name) return take_text(in, rules::kPartitionKey, partition_key);
    if (name == rules::kExplicitHashKey.name) return take_text(in, rules::kExplicitHashKey, explicit_hash_key);
    return std::nullopt;
  }

  bool finish(PutView& view, Buffer& arena) const {
    if (!data || !partition_key) return false;
    PutView::Entry& entry = view.entries.emplace_back();
    entry.partition_key = *partition_key;
    const std::size_t start = arena.size();
    if (!append_from_base64(*data, arena)) return false;
    entry.data = ByteView(arena).subspan(start);
    if (static_cast<std::int64_t>(entry.data.size()) > kDataBytesMax) return false;
    if (!explicit_hash_key) return true;
    entry.explicit_hash_key = hash_key_from_decimal(*explicit_hash_key);
    return entry.explicit_hash_key.has_value();
  }
};

/// Members that name the stream.
std::optional<bool> take_target(std::string_view name, value in, PutView& view) {
  if (name == rules::kStreamName.name) return take_text(in, rules::kStreamName, view.stream_name);
  if (name == rules::kStreamArn.name) return take_text(in, rules::kStreamArn, view.stream_arn);
  return std::nullopt;
}

/// Calls take(name, value) for every member; false at the first mistake or unknown member.
template <class Take>
bool for_each_member(object in, Take take) {
  for (auto field : in) {
    std::string_view name;
    value member;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS || field.value().get(member) != simdjson::SUCCESS)
      return false;
    if (!take(name, member)) return false;
  }
  return true;
}

bool take_records(value in, PutView& view, Buffer& arena) {
  simdjson::ondemand::array records;
  if (!view.entries.empty() || in.get_array().get(records) != simdjson::SUCCESS) return false;
  for (auto element : records) {
    object entry;
    if (view.entries.size() >= kRecordsMax || element.get_object().get(entry) != simdjson::SUCCESS) return false;
    Members members;
    if (!for_each_member(entry,
                         [&](std::string_view name, value v) { return members.take(name, v).value_or(false); }) ||
        !members.finish(view, arena))
      return false;
  }
  return !view.entries.empty();
}

/// Opens the body as an object, hands it to `read`, and checks that nothing follows.
template <class Read>
bool read_body(simdjson::ondemand::parser& parser, std::string_view body, Read read) {
  const simdjson::padded_string_view padded(body.data(), body.size(), body.size() + PutDecoder::kPadding);
  document json;
  object members;
  return parser.iterate(padded).get(json) == simdjson::SUCCESS && json.get_object().get(members) == simdjson::SUCCESS &&
         read(members) && json.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

}  // namespace

bool PutFastPath::available() { return true; }

PutFastPath::PutFastPath() : parser_(std::make_unique<Parser>()) {}

bool PutFastPath::read_put_record(std::string_view body, PutView& view, Buffer& arena) {
  Members members;
  const Rule ordering = rules::kSequenceNumber.named("SequenceNumberForOrdering");
  auto take = [&](std::string_view name, value in) {
    if (auto taken = members.take(name, in)) return *taken;
    if (auto taken = take_target(name, in, view)) return *taken;
    return name == ordering.name && take_text(in, ordering, view.sequence_number_for_ordering);
  };
  return read_body(parser_->parser, body, [&](object in) { return for_each_member(in, take); }) &&
         members.finish(view, arena);
}

bool PutFastPath::read_put_records(std::string_view body, PutView& view, Buffer& arena) {
  auto take = [&](std::string_view name, value in) {
    if (name == "Records") return take_records(in, view, arena);
    return take_target(name, in, view).value_or(false);
  };
  return read_body(parser_->parser, body, [&](object in) { return for_each_member(in, take); }) &&
         !view.entries.empty();
}

void PutFastPath::trim() { parser_ = std::make_unique<Parser>(); }

#else

struct PutFastPath::Parser {};

bool PutFastPath::available() { return false; }

PutFastPath::PutFastPath() = default;
bool PutFastPath::read_put_record(std::string_view, PutView&, Buffer&) { return false; }
bool PutFastPath::read_put_records(std::string_view, PutView&, Buffer&) { return false; }
void PutFastPath::trim() {}

#endif

PutFastPath::~PutFastPath() = default;

}  // namespace forebay::wire::kinesis
