#include "wire/kinesis/cbor_text.h"

#include "base/utf8.h"
#include "wire/kinesis/utf8_check.h"

namespace forebay::wire::kinesis {
namespace {

constexpr unsigned char kUnsigned = 0x00;
constexpr unsigned char kNegative = 0x20;
constexpr unsigned char kBytes = 0x40;
constexpr unsigned char kText = 0x60;
constexpr unsigned char kDateTime = 0xc1;  ///< tag 1

/// The shortest form, as canonical encoders write it.
void append_head(std::string& out, unsigned char major, std::uint64_t value) {
  const std::size_t size = cbor_head_size(value);
  if (size == 1) {
    out += static_cast<char>(major | value);
    return;
  }
  const unsigned char info = size == 2 ? 24 : size == 3 ? 25 : size == 5 ? 26 : 27;
  out += static_cast<char>(major | info);
  for (std::size_t i = size - 1; i-- > 0;) out += static_cast<char>(value >> (8 * i));
}

std::string repaired(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = utf8_sequence_size(text);
    out.append(size == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, size));
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

}  // namespace

std::size_t cbor_head_size(std::uint64_t value) {
  if (value < 24) return 1;
  if (value <= 0xff) return 2;
  if (value <= 0xffff) return 3;
  return value <= 0xffff'ffff ? 5 : 9;
}

void append_cbor_text(std::string& out, std::string_view text) {
  if (!is_utf8(text)) return append_cbor_text(out, repaired(text));
  append_head(out, kText, text.size());
  out.append(text);
}

void append_cbor_bytes(std::string& out, ByteView bytes) {
  append_head(out, kBytes, bytes.size());
  out.append(as_text(bytes));
}

void append_cbor_integer(std::string& out, std::int64_t value) {
  if (value >= 0) return append_head(out, kUnsigned, static_cast<std::uint64_t>(value));
  append_head(out, kNegative, static_cast<std::uint64_t>(-1 - value));
}

void append_cbor_timestamp(std::string& out, WallTime time) {
  const std::int64_t ms = to_millis(time);
  const auto bits = static_cast<std::uint64_t>(ms >= 0 ? ms : -1 - ms);
  char item[10] = {static_cast<char>(kDateTime), static_cast<char>((ms >= 0 ? kUnsigned : kNegative) | 27)};
  for (std::size_t i = 0; i < 8; ++i) item[2 + i] = static_cast<char>(bits >> (56 - 8 * i));
  out.append(item, sizeof item);
}

}  // namespace forebay::wire::kinesis
