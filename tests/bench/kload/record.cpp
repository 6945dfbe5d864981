#include "record.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace kload {
namespace {

constexpr std::size_t kFillerStarts = 1u << 20;
constexpr std::size_t kIdentityBytes = 27;
constexpr std::string_view kJsonStart = "{\"id\":\"";
constexpr unsigned kCustomers = 1000;

void put_hex(char* to, std::uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value >>= 4) to[i] = "0123456789abcdef"[value & 15];
}

std::uint64_t get_hex(const char* from, int digits) {
  std::uint64_t value = 0;
  for (int i = 0; i < digits; ++i)
    value = value << 4 | static_cast<std::uint64_t>((from[i] & 15) + (from[i] > '9' ? 9 : 0));
  return value;
}

std::string make_filler(const char* separator) {
  std::string text;
  char number[32];
  for (std::uint64_t x = 0x9e3779b97f4a7c15; text.size() < 2 * kFillerStarts;) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    std::snprintf(number, sizeof number, "%u.%02u%s", static_cast<unsigned>(x % 90 + 10),
                  static_cast<unsigned>(x >> 32) % 100, separator);
    text.append(number);
  }
  return text;
}

void put_identity(char* to, const RecordIdentity& identity) {
  std::memcpy(to, "MR1", 3);
  put_hex(to + 3, identity.run, 8);
  put_hex(to + 11, identity.producer, 4);
  put_hex(to + 15, identity.sequence, 12);
}

std::size_t filler_start(const RecordIdentity& identity) {
  return (identity.sequence * 7919 + identity.producer) % kFillerStarts;
}

}  // namespace

void fill_record(std::string& record, const RecordIdentity& identity, std::size_t size) {
  static const std::string filler = make_filler(",\"q\":");
  record.resize(size);
  put_identity(record.data(), identity);
  std::memcpy(record.data() + kIdentityBytes, "{\"v\":", 5);
  std::memcpy(record.data() + kRecordBytesMin, filler.data() + filler_start(identity),
              std::min(size - kRecordBytesMin, kFillerStarts));
}

void fill_json_record(std::string& record, const RecordIdentity& identity, std::size_t size) {
  static const std::string filler = make_filler(" ok ");
  char identity_text[kIdentityBytes];
  put_identity(identity_text, identity);
  char members[80];
  const auto spread = static_cast<unsigned>(identity.sequence * 7919 + identity.producer);
  const int length = std::snprintf(
      members, sizeof members, "\",\"customer\":\"c%03u\",\"n\":%llu,\"value\":%u.%02u,\"note\":\"",
      spread % kCustomers, static_cast<unsigned long long>(identity.sequence), spread % 90 + 10, spread / 90 % 100);
  record.assign(kJsonStart).append(identity_text, kIdentityBytes).append(members, static_cast<std::size_t>(length));
  record.append(filler, filler_start(identity), std::min(size - record.size() - 2, kFillerStarts)).append("\"}");
}

std::optional<RecordIdentity> identity_of(std::string_view record) {
  if (record.substr(0, kJsonStart.size()) == kJsonStart) record.remove_prefix(kJsonStart.size());
  if (record.size() < kRecordBytesMin || record.substr(0, 3) != "MR1") return std::nullopt;
  RecordIdentity identity;
  identity.run = static_cast<std::uint32_t>(get_hex(record.data() + 3, 8));
  identity.producer = static_cast<unsigned>(get_hex(record.data() + 11, 4));
  identity.sequence = get_hex(record.data() + 15, 12);
  return identity;
}

}  // namespace kload
