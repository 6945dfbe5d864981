#include "gateway/delivery/parquet/parquet_module.h"

#include <arrow/api.h>
#include <arrow/io/interfaces.h>
#include <arrow/util/config.h>
#include <parquet/arrow/writer.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// Hands the file on as it is written.
class CallbackStream : public arrow::io::OutputStream {
 public:
  CallbackStream(forebay_parquet_sink sink, void* context) : sink_(sink), context_(context) {}

  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  [[nodiscard]] bool closed() const override { return closed_; }
  [[nodiscard]] arrow::Result<std::int64_t> Tell() const override { return position_; }
  using arrow::io::OutputStream::Write;
  arrow::Status Write(const void* data, std::int64_t size) override {
    if (sink_(context_, static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)) != 0)
      return arrow::Status::IOError("the receiver of the file cannot take it");
    position_ += size;
    return arrow::Status::OK();
  }

 private:
  forebay_parquet_sink sink_;
  void* context_;
  std::int64_t position_ = 0;
  bool closed_ = false;
};

/// Somebody else's bytes; Arrow wants a place even for none.
std::shared_ptr<arrow::Buffer> borrowed(const void* bytes, std::size_t size) {
  static constexpr std::uint64_t kNothing = 0;
  if (bytes == nullptr) bytes = &kNothing;
  return std::make_shared<arrow::Buffer>(static_cast<const std::uint8_t*>(bytes), static_cast<std::int64_t>(size));
}

arrow::Result<std::shared_ptr<arrow::DataType>> type_of(const forebay_parquet_column& column) {
  switch (column.type) {
    case FOREBAY_PARQUET_STRING: return arrow::utf8();
    case FOREBAY_PARQUET_BINARY: return arrow::binary();
    case FOREBAY_PARQUET_INT8: return arrow::int8();
    case FOREBAY_PARQUET_INT16: return arrow::int16();
    case FOREBAY_PARQUET_INT32: return arrow::int32();
    case FOREBAY_PARQUET_INT64: return arrow::int64();
    case FOREBAY_PARQUET_FLOAT: return arrow::float32();
    case FOREBAY_PARQUET_DOUBLE: return arrow::float64();
    case FOREBAY_PARQUET_BOOLEAN: return arrow::boolean();
    case FOREBAY_PARQUET_TIMESTAMP: return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
    case FOREBAY_PARQUET_DATE: return arrow::date32();
    case FOREBAY_PARQUET_DECIMAL: return arrow::Decimal128Type::Make(column.precision, column.scale);
    default: return arrow::Status::Invalid("column ", column.name, ": type ", column.type);
  }
}

arrow::Result<std::shared_ptr<arrow::Table>> table_of(const forebay_parquet_table& table) {
  std::vector<std::shared_ptr<arrow::Field>> fields;
  std::vector<std::shared_ptr<arrow::Array>> arrays;
  const auto rows = static_cast<std::int64_t>(table.row_count);
  for (std::size_t i = 0; i < table.column_count; ++i) {
    const forebay_parquet_column& column = table.columns[i];
    ARROW_ASSIGN_OR_RAISE(auto type, type_of(column));
    std::vector<std::shared_ptr<arrow::Buffer>> buffers = {borrowed(column.valid, (table.row_count + 7) / 8)};
    if (column.offsets != nullptr)
      buffers.push_back(borrowed(column.offsets, (table.row_count + 1) * sizeof(std::int32_t)));
    buffers.push_back(borrowed(column.values, column.values_size));
    fields.push_back(arrow::field(column.name, type));
    arrays.push_back(arrow::MakeArray(arrow::ArrayData::Make(type, rows, std::move(buffers))));
  }
  return arrow::Table::Make(arrow::schema(std::move(fields)), std::move(arrays), rows);
}

arrow::Result<parquet::Compression::type> compression_of(std::string_view name) {
  if (name == "SNAPPY") return parquet::Compression::SNAPPY;
  if (name == "GZIP") return parquet::Compression::GZIP;
  if (name == "ZSTD") return parquet::Compression::ZSTD;
  if (name == "UNCOMPRESSED") return parquet::Compression::UNCOMPRESSED;
  return arrow::Status::Invalid("compression ", name);
}

arrow::Status write_table(const forebay_parquet_table& in, forebay_parquet_sink sink, void* context) {
  ARROW_ASSIGN_OR_RAISE(const auto table, table_of(in));
  ARROW_RETURN_NOT_OK(table->ValidateFull());
  ARROW_ASSIGN_OR_RAISE(const auto compression, compression_of(in.compression));
  const auto properties = parquet::WriterProperties::Builder().compression(compression)->build();
  const auto stream = std::make_shared<CallbackStream>(sink, context);
  // The system's allocator, so that the memory of a large object is given back.
  return parquet::arrow::WriteTable(*table, arrow::system_memory_pool(), stream, parquet::DEFAULT_MAX_ROW_GROUP_LENGTH,
                                    properties);
}

int write(const forebay_parquet_table* table, forebay_parquet_sink sink, void* context, char* error,
          std::size_t error_size) {
  try {
    const arrow::Status status = write_table(*table, sink, context);
    if (status.ok()) return 0;
    std::snprintf(error, error_size, "%s", status.ToString().c_str());
  } catch (const std::exception& exception) {
    std::snprintf(error, error_size, "%s", exception.what());
  }
  return 1;
}

constexpr forebay_parquet_api kApi = {"Apache Arrow " ARROW_VERSION_STRING, write};

}  // namespace

extern "C" __attribute__((visibility("default"))) void* forebay_parquet_module(unsigned version) {
  return version == FOREBAY_PARQUET_VERSION ? const_cast<forebay_parquet_api*>(&kApi) : nullptr;
}
