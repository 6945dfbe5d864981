// Record batches as uploads bring them: what is accepted is within its limits, and built anew it holds the same
// records. Each input is read as it is and with length and checksum put right, which leads behind them.
#include <algorithm>

#include "base/byte_reader.h"
#include "base/crc32c.h"
#include "tests/fuzz/targets.h"
#include "wire/kafka/record_batch.h"

namespace forebay::fuzz {
namespace {

using namespace wire::kafka;

constexpr BatchLimits kLimits{.uncompressed_bytes_max = 1u << 20, .record_bytes_max = 64u << 10};

struct Record {
  std::int64_t timestamp_ms;
  std::string key;
  Buffer value;
  std::optional<HashKey> explicit_hash_key;
  friend bool operator==(const Record&, const Record&) = default;
};

Result<std::vector<Record>> read(ByteView batch) {
  std::vector<Record> records;
  Buffer scratch;
  const auto header = for_each_record(batch, kLimits, scratch, [&](const BatchRecord& record) {
    require(record.offset_delta == static_cast<std::int32_t>(records.size()), "offsets are dense");
    require(record.key.size() + record.value.size() <= kLimits.record_bytes_max, "a record fits its limit");
    records.push_back(
        {record.timestamp_ms, std::string(record.key), to_buffer(record.value), record.explicit_hash_key});
  });
  require(scratch.size() <= kLimits.uncompressed_bytes_max, "decompression fits its limit");
  if (!header.ok()) return header.error();
  require(header.value().record_count == static_cast<std::int32_t>(records.size()), "the count is that of the records");
  require(header.value().total_size() == batch.size(), "a batch is exactly its bytes");
  require(check_batch_envelope(batch).ok(), "a good batch has a good envelope");
  return records;
}

void check_rebuilt(const std::vector<Record>& records, Codec codec) {
  RecordBatchBuilder builder;
  for (const Record& record : records)
    builder.add(record.key, record.value, record.timestamp_ms, record.explicit_hash_key);
  Buffer batch;
  builder.finish(codec, batch);
  const auto again = read(batch);
  if (!again.ok()) throw Broken("a batch built anew is refused: " + again.error().context);
  require(std::equal(records.begin(), records.end(), again.value().begin(), again.value().end(),
                     [](Record a, const Record& b) {
                       a.timestamp_ms = std::max<std::int64_t>(a.timestamp_ms, 0);
                       return a == b;
                     }),
          "a batch built anew holds the same records");
}

void check(ByteView batch) {
  (void)read_batch_header(batch);
  const auto records = read(batch);
  if (!records.ok()) return;
  check_rebuilt(records.value(), Codec::none);
  check_rebuilt(records.value(), Codec::lz4);
}

void put_u32_be(Buffer& bytes, std::size_t at, std::size_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

}  // namespace

void record_batch(ByteView input) {
  check(input);
  if (input.size() < kBatchHeaderSize) return;
  Buffer right = to_buffer(input);
  put_u32_be(right, 8, right.size() - kBatchPrefixSize);
  put_u32_be(right, 17, crc32c(ByteView(right).subspan(21)));
  check(right);
}

}  // namespace forebay::fuzz
