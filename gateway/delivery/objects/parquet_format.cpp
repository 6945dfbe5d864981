#include <algorithm>
#include <array>
#include <map>

#include "gateway/delivery/objects/hive_column.h"
#include "gateway/delivery/objects/parquet_loader.h"
#include "gateway/delivery/objects/row_format.h"

namespace forebay::gateway::delivery {
namespace {

using wire::kinesis::JsonReader;

constexpr std::size_t kColumnsMax = 1000;
constexpr std::size_t kErrorTextMax = 512;
constexpr std::array<std::string_view, 4> kCompressions = {"SNAPPY", "GZIP", "ZSTD", "UNCOMPRESSED"};

std::string lower_cased(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

int append_piece(void* context, const std::uint8_t* bytes, std::size_t size) {
  append(*static_cast<Buffer*>(context), {bytes, size});
  return 0;
}

class ParquetFormat : public RowFormat {
 public:
  ParquetFormat(const forebay_parquet_api& api, const ParquetConversion& conversion)
      : api_(api), compression_(conversion.compression), case_insensitive_(conversion.case_insensitive) {}

  Result<void> add_columns(const std::vector<Column>& columns);
  [[nodiscard]] std::string making() const override { return std::string("parquet ") + api_.library; }
  [[nodiscard]] std::size_t row_bytes() const override;
  Result<Converted> convert(ByteView bytes, std::span<const PileRow> rows) override;

 private:
  /// Appends the rows of one record: one object, or several one behind the other. Why it cannot; empty: it could.
  std::string add_record(ByteView record);
  std::string add_object(JsonReader& in);
  Result<Buffer> write();
  [[nodiscard]] std::size_t row_count() const { return columns_.front().rows(); }

  const forebay_parquet_api& api_;
  std::string compression_;
  bool case_insensitive_;
  std::vector<HiveColumn> columns_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::string key_;
};

Result<void> ParquetFormat::add_columns(const std::vector<Column>& columns) {
  if (columns.empty() || columns.size() > kColumnsMax)
    return Error{Errc::invalid_argument,
                 "SchemaConfiguration: must have 1 to " + std::to_string(kColumnsMax) + " columns"};
  for (const Column& column : columns) {
    auto type = HiveType::parse(column.type);
    if (!type) return std::move(type).error().with_context("SchemaConfiguration: column " + column.name);
    const std::string name = case_insensitive_ ? lower_cased(column.name) : column.name;
    if (column.name.empty() || column.name.find('\0') != std::string::npos ||
        !by_name_.emplace(name, columns_.size()).second)
      return Error{Errc::invalid_argument,
                   "SchemaConfiguration: column \"" + column.name + "\" is empty or there twice"};
    columns_.emplace_back(column.name, *type);
  }
  return {};
}

Result<RowFormat::Converted> ParquetFormat::convert(ByteView bytes, std::span<const PileRow> rows) {
  for (HiveColumn& column : columns_) column.clear();
  Converted out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t before = row_count();
    std::string problem = add_record(bytes.subspan(begin, rows[i].end - begin));
    begin = rows[i].end;
    if (problem.empty()) continue;
    for (HiveColumn& column : columns_) column.truncate(before);
    out.bad.push_back({i, std::move(problem)});
  }
  if (row_count() > 0) {
    FB_TRY(out.body, write());
  }
  for (HiveColumn& column : columns_) column.clear();
  return out;
}

std::size_t ParquetFormat::row_bytes() const {
  std::size_t bits = 0;
  for (const HiveColumn& column : columns_) bits += column.row_bits();
  return (bits + 7) / 8;
}

std::string ParquetFormat::add_record(ByteView record) {
  JsonReader in(as_text(record));
  std::size_t objects = 0;
  do {
    if (++objects > kObjectsPerRecordMax)
      return "more than " + std::to_string(kObjectsPerRecordMax) + " JSON objects in one record";
    std::string problem = add_object(in);
    if (!in.ok()) return "the record is no JSON object";
    if (!problem.empty()) return problem;
  } while (!in.at_end());
  return {};
}

std::string ParquetFormat::add_object(JsonReader& in) {
  std::string problem;
  in.begin_object();
  while (in.next_key(key_)) {
    const auto found = by_name_.find(case_insensitive_ ? lower_cased(key_) : key_);
    std::string why;
    if (found == by_name_.end())
      in.skip();
    else if (!columns_[found->second].set(in, why) && problem.empty())
      problem = std::move(why);
  }
  if (in.ok() && problem.empty())
    for (HiveColumn& column : columns_) column.append_row();
  return problem;
}

Result<Buffer> ParquetFormat::write() {
  std::vector<forebay_parquet_column> views;
  for (const HiveColumn& column : columns_) views.push_back(column.view());
  const forebay_parquet_table table{views.data(), views.size(), row_count(), compression_.c_str()};
  Buffer body;
  std::array<char, kErrorTextMax> error{};
  if (api_.write(&table, append_piece, &body, error.data(), error.size()) != 0)
    return Error{Errc::io, std::string("Parquet: ") + error.data()};
  return body;
}

}  // namespace

Result<std::unique_ptr<RowFormat>> make_parquet_format(const ParquetConversion& conversion,
                                                       const forebay_parquet_api& api) {
  if (std::find(kCompressions.begin(), kCompressions.end(), conversion.compression) == kCompressions.end())
    return Error{Errc::invalid_argument, "ParquetSerDe: Compression \"" + conversion.compression +
                                             "\" is none of SNAPPY, GZIP, ZSTD, UNCOMPRESSED"};
  auto format = std::make_unique<ParquetFormat>(api, conversion);
  FB_CHECK(format->add_columns(conversion.columns));
  return std::unique_ptr<RowFormat>(std::move(format));
}

Result<std::unique_ptr<RowFormat>> make_parquet_format(const ParquetConversion& conversion) {
  FB_TRY(const forebay_parquet_api* const api, load_parquet_module());
  return make_parquet_format(conversion, *api);
}

}  // namespace forebay::gateway::delivery
