#include "gateway/delivery/objects/hive_column.h"

#include <limits>

#include "base/assert.h"
#include "gateway/delivery/objects/hive_value.h"

namespace forebay::gateway::delivery {
namespace {

void set_bit(Buffer& bits, std::size_t at, bool on) {
  if (at % 8 == 0) bits.push_back(0);
  if (on) bits.back() |= static_cast<std::uint8_t>(1 << at % 8);
}

/// Drops the bits from `count` on; those that share a byte with kept ones become zero.
void truncate_bits(Buffer& bits, std::size_t count) {
  bits.resize((count + 7) / 8);
  if (count % 8 != 0) bits.back() &= static_cast<std::uint8_t>((1 << count % 8) - 1);
}

}  // namespace

void HiveColumn::clear() {
  rows_ = 0;
  valid_.clear();
  values_.clear();
  offsets_.assign(1, 0);
  present_ = false;
}

bool HiveColumn::set(wire::kinesis::JsonReader& in, std::string& why) {
  present_ = false;
  if (in.peek() == wire::kinesis::JsonReader::Kind::null) {
    in.skip();
    return true;
  }
  value_.clear();
  why = read_hive_value(in, type_, value_);
  present_ = why.empty();
  if (!present_) why = "column " + name_ + ": " + why;
  return present_;
}

void HiveColumn::append_row() {
  set_bit(valid_, rows_, present_);
  if (type_.type == FOREBAY_PARQUET_BOOLEAN)
    set_bit(values_, rows_, present_ && value_[0] != 0);
  else if (present_)
    append(values_, value_);
  else
    values_.resize(values_.size() + type_.width());
  FB_ASSERT(values_.size() <= std::numeric_limits<std::int32_t>::max());  // objects have at most some 100 MiB
  if (type_.has_offsets()) offsets_.push_back(static_cast<std::int32_t>(values_.size()));
  ++rows_;
  present_ = false;
}

void HiveColumn::truncate(std::size_t rows) {
  present_ = false;
  if (rows == rows_) return;
  rows_ = rows;
  truncate_bits(valid_, rows);
  if (type_.has_offsets()) {
    offsets_.resize(rows + 1);
    values_.resize(static_cast<std::size_t>(offsets_.back()));
  } else if (type_.type == FOREBAY_PARQUET_BOOLEAN) {
    truncate_bits(values_, rows);
  } else {
    values_.resize(rows * type_.width());
  }
}

std::size_t HiveColumn::row_bits() const {
  if (type_.has_offsets()) return 1 + 8 * sizeof(std::int32_t);
  return type_.type == FOREBAY_PARQUET_BOOLEAN ? 2 : 1 + 8 * type_.width();
}

forebay_parquet_column HiveColumn::view() const {
  return {name_.c_str(),   static_cast<std::uint32_t>(type_.type),
          type_.precision, type_.scale,
          valid_.data(),   values_.data(),
          values_.size(),  type_.has_offsets() ? offsets_.data() : nullptr};
}

}  // namespace forebay::gateway::delivery
