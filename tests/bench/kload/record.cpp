#include "record.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace kload {
namespace {

constexpr std::size_t kFillerStarts = 1u << 20;

void put_hex(char* to, std::uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value >>= 4) to[i] = "0123456789abcdef"[value & 15];
}

std::uint64_t get_hex(const char* from, int digits) {
  std::uint64_t value = 0;
  for (int i = 0; i < digits; ++i)
    value = value << 4 | static_cast<std::uint64_t>((from[i] & 15) + (from[i] > '9' ? 9 : 0));
  return value;
}

std::string make_filler() {
  std::string text;
  char number[32];
  for (std::uint64_t x = 0x9e3779b97f4a7c15; text.size() < 2 * kFillerStarts;) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    std::snprintf(number, sizeof number, "%u.%02u,\"q\":", static_cast<unsigned>(x % 90 + 10),
                  static_cast<unsigned>(x >> 32) % 100);
    text.append(number);
  }
  return text;
}

}  // namespace

void fill_record(std::string& record, const RecordIdentity& identity, std::size_t size) {
  static const std::string filler = make_filler();
  record.resize(size);
  std::memcpy(record.data(), "MR1", 3);
  put_hex(record.data() + 3, identity.run, 8);
  put_hex(record.data() + 11, identity.producer, 4);
  put_hex(record.data() + 15, identity.sequence, 12);
  std::memcpy(record.data() + 27, "{\"v\":", 5);
  const std::size_t start = (identity.sequence * 7919 + identity.producer) % kFillerStarts;
  std::memcpy(record.data() + kRecordBytesMin, filler.data() + start, std::min(size - kRecordBytesMin, kFillerStarts));
}

std::optional<RecordIdentity> identity_of(std::string_view record) {
  if (record.size() < kRecordBytesMin || record.substr(0, 3) != "MR1") return std::nullopt;
  RecordIdentity identity;
  identity.run = static_cast<std::uint32_t>(get_hex(record.data() + 3, 8));
  identity.producer = static_cast<unsigned>(get_hex(record.data() + 11, 4));
  identity.sequence = get_hex(record.data() + 15, 12);
  return identity;
}

}  // namespace kload
