#include "gateway/delivery/object_builder.h"

#include <unordered_map>

#include "base/assert.h"
#include "gateway/delivery/objects/codec.h"
#include "gateway/delivery/objects/error_piles.h"
#include "gateway/delivery/objects/processor.h"
#include "gateway/delivery/objects/row_format.h"
#include "wire/kinesis/sequence_number.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::size_t kIndexOverhead = 96;  // a node of the index and its bucket
/// A pile counts as large as its table by this share: records of a few bytes in a schema of many columns make tables
/// far larger than themselves.
constexpr std::uint64_t kTableShare = 4;

/// At most so many JSON objects stand one behind the other in a record.
std::size_t objects_in(ByteView record) {
  std::size_t count = 1;
  bool closed = false;
  for (const std::uint8_t byte : record) {
    if (closed && byte == '{') ++count;
    const bool blank = byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
    closed = byte == '}' || (closed && blank);
  }
  return std::min(count, RowFormat::kObjectsPerRecordMax);
}

class PileBuilder : public ObjectBuilder, private ProcessedRecords {
 public:
  PileBuilder(const Processing& processing, const ObjectDestination& objects, Processor processor, ObjectNames names,
              ObjectNames error_names, std::unique_ptr<RowFormat> format)
      : objects_(objects),
        delimiter_(processing.delimiter),
        processor_(std::move(processor)),
        names_(std::move(names)),
        format_(std::move(format)),
        row_bytes_(format_ ? format_->row_bytes() : 0),
        errors_(std::move(error_names), objects.compression) {}

  void add(const DeliveryRecord& record) override {
    FB_ASSERT(!cut_);
    processor_.run(record, *this);
  }
  [[nodiscard]] bool empty() const override { return piles_.empty() && errors_.empty(); }
  [[nodiscard]] std::size_t bytes() const override { return held_ + errors_.bytes(); }
  [[nodiscard]] std::uint64_t largest_bytes() const override { return std::max(largest_, errors_.largest_bytes()); }
  [[nodiscard]] std::size_t open_partitions() const override {
    return objects_.dynamic_partitioning ? piles_.size() : 0;
  }
  void seal(const Cut& cut) override {
    FB_ASSERT(!cut_);
    cut_ = cut;
    index_.clear();
  }
  Result<std::optional<FinishedObject>> next() override;

 private:
  void take(const DeliveryRecord& record, const std::vector<std::string>& partition_keys) override;
  void fail(const DeliveryRecord& record, const ProcessingFailure& failure) override;
  Pile* pile_of(const DeliveryRecord& record, const std::vector<std::string>& partition_keys);
  Pile& new_pile(std::string partition, const std::vector<std::string>& partition_keys);
  void append_record(Pile& pile, const DeliveryRecord& record);
  Result<std::optional<FinishedObject>> finish(Pile& pile);
  Result<std::optional<FinishedObject>> finish_converted(Pile& pile, const ObjectNames::Name& name);
  void fail_conversion(const Pile& pile, const RowFormat::BadRow& bad);

  ObjectDestination objects_;
  std::string delimiter_;
  Processor processor_;
  ObjectNames names_;
  std::unique_ptr<RowFormat> format_;  ///< null: records are written as they are
  std::size_t row_bytes_;
  ErrorPiles errors_;
  std::vector<Pile> piles_;  ///< in the order their first record came
  std::unordered_map<std::string, std::size_t> index_;
  std::size_t held_ = 0;
  std::uint64_t largest_ = 0;
  std::optional<Cut> cut_;    ///< sealed
  std::size_t finished_ = 0;  ///< piles that next() has given
};

void PileBuilder::take(const DeliveryRecord& record, const std::vector<std::string>& partition_keys) {
  if (Pile* pile = pile_of(record, partition_keys)) append_record(*pile, record);
}

/// Null: the record went to the errors.
Pile* PileBuilder::pile_of(const DeliveryRecord& record, const std::vector<std::string>& partition_keys) {
  if (!objects_.dynamic_partitioning) return piles_.empty() ? &new_pile("", {}) : &piles_.front();
  std::string why;
  auto partition = names_.partition_of(partition_keys, why);
  if (!partition) {
    fail(record, {kPartitioningFailed, "DynamicPartitioning.InvalidPrefix", why});
    return nullptr;
  }
  if (const auto found = index_.find(*partition); found != index_.end()) return &piles_[found->second];
  if (piles_.size() >= objects_.partitions_max) {
    fail(record, {kPartitioningFailed, "DynamicPartitioning.ActivePartitionLimitExceeded",
                  "more than " + std::to_string(objects_.partitions_max) + " partitions at a time"});
    return nullptr;
  }
  return &new_pile(*std::move(partition), partition_keys);
}

Pile& PileBuilder::new_pile(std::string partition, const std::vector<std::string>& partition_keys) {
  index_.emplace(partition, piles_.size());
  Pile& pile = piles_.emplace_back();
  pile.partition = std::move(partition);
  pile.partition_keys = partition_keys;
  pile.overhead += kIndexOverhead + 2 * pile.partition.size();
  for (const std::string& key : partition_keys) pile.overhead += sizeof key + key.size();
  held_ += pile.held();
  return pile;
}

void PileBuilder::append_record(Pile& pile, const DeliveryRecord& record) {
  const std::size_t before = pile.held();
  append(pile.bytes, record.data);
  if (format_) {
    pile.rows.push_back({pile.bytes.size(), record.offset, record.sub_sequence, record.aggregated, record.arrival});
    pile.table_bytes += row_bytes_ * objects_in(record.data);
  } else {
    append(pile.bytes, as_bytes(delimiter_));
  }
  pile.count(record.arrival);
  held_ += pile.held() - before;
  largest_ = std::max<std::uint64_t>({largest_, pile.bytes.size(), pile.table_bytes / kTableShare});
}

void PileBuilder::fail(const DeliveryRecord& record, const ProcessingFailure& failure) {
  ErrorLine line;
  line.arrival = record.arrival;
  line.attempt_ended = record.arrival;  // another time would give other bytes at a retry
  line.code = failure.code;
  line.message = failure.message;
  line.data = record.data;
  errors_.add(failure.type, line);
}

Result<std::optional<FinishedObject>> PileBuilder::next() {
  FB_ASSERT(cut_.has_value());
  while (finished_ < piles_.size()) {
    Pile& pile = piles_[finished_];
    const std::size_t before = pile.held();
    FB_TRY(auto object, finish(pile));
    held_ -= before;
    pile = Pile();
    ++finished_;
    if (object) return object;
  }
  auto object = errors_.next_object(*cut_);
  if (object) return object;
  piles_.clear();
  held_ = 0;
  largest_ = 0;
  finished_ = 0;
  cut_.reset();
  return std::optional<FinishedObject>();
}

Result<std::optional<FinishedObject>> PileBuilder::finish(Pile& pile) {
  const auto name = names_.data_name(*cut_, pile.oldest, pile.partition, pile.partition_keys);
  if (format_) return finish_converted(pile, name);
  const std::uint64_t size = pile.bytes.size();
  FinishedObject object = finish_object(name, std::move(pile.bytes), size, pile.records, objects_.compression);
  if (objects_.dynamic_partitioning) object.partition = name.prefix;
  return std::optional(std::move(object));
}

Result<std::optional<FinishedObject>> PileBuilder::finish_converted(Pile& pile, const ObjectNames::Name& name) {
  FB_TRY(auto converted, format_->convert(pile.bytes, pile.rows));
  for (const RowFormat::BadRow& bad : converted.bad) fail_conversion(pile, bad);
  if (converted.bad.size() == pile.rows.size()) return std::optional<FinishedObject>();
  FinishedObject object = finish_object(name, std::move(converted.body), pile.bytes.size(),
                                        pile.records - converted.bad.size(), Compression::none);
  if (objects_.dynamic_partitioning) object.partition = name.prefix;
  return std::optional(std::move(object));
}

void PileBuilder::fail_conversion(const Pile& pile, const RowFormat::BadRow& bad) {
  const PileRow& row = pile.rows[bad.index];
  const std::size_t begin = bad.index == 0 ? 0 : pile.rows[bad.index - 1].end;
  const auto seconds = [](WallTime time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  };
  ErrorLine line;
  line.arrival = row.arrival;
  line.attempt_ended = row.arrival;
  line.code = "DataFormatConversion.ParseError";
  line.message = bad.message;
  line.data = ByteView(pile.bytes).subspan(begin, row.end - begin);
  line.conversion = true;
  // The counter of a sequence number is the offset plus one (docs/decisions/0020-sequence-number-counter.md).
  line.sequence_number =
      wire::kinesis::to_decimal({seconds(cut_->source.shard_created), cut_->source.shard.value(),
                                 static_cast<std::uint64_t>(row.offset.value()) + 1, seconds(row.arrival)});
  line.sub_sequence = row.sub_sequence;
  line.aggregated = row.aggregated;
  errors_.add(kConversionFailed, line);
}

}  // namespace

Result<std::unique_ptr<ObjectBuilder>> make_object_builder(const Processing& processing,
                                                           const ObjectDestination& objects) {
  if (objects.parquet && objects.compression != Compression::none)
    return Error{Errc::invalid_argument,
                 "CompressionFormat: must be UNCOMPRESSED with format conversion; the serializer compresses"};
  if (!processing.partition_query.empty() && !objects.dynamic_partitioning)
    return Error{Errc::invalid_argument, "MetadataExtraction: needs dynamic partitioning; enable it"};
  if (objects.partitions_max == 0) return Error{Errc::invalid_argument, "partitions_max: must be at least 1"};
  FB_TRY(Processor processor, Processor::make(processing));
  std::unique_ptr<RowFormat> format;
  if (objects.parquet) {
    FB_TRY(format, make_parquet_format(*objects.parquet));
  }
  const std::string_view extension = traits_of(objects.compression).extension;
  const std::string making = making_of(objects.compression);
  FB_TRY(ObjectNames error_names, ObjectNames::make(objects, processor.partition_ids(), extension, making));
  FB_TRY(ObjectNames names, ObjectNames::make(objects, processor.partition_ids(), format ? ".parquet" : extension,
                                              format ? format->making() : making));
  return std::unique_ptr<ObjectBuilder>(std::make_unique<PileBuilder>(
      processing, objects, std::move(processor), std::move(names), std::move(error_names), std::move(format)));
}

}  // namespace forebay::gateway::delivery
