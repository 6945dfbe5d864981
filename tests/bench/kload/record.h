#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kload {

/// Who wrote a record and as which of its records. Stored at its start: "MR1", run (8 hex digits), producer (4),
/// sequence (12); telemetry-like text follows, which compresses like real readings.
struct RecordIdentity {
  std::uint32_t run = 0;
  unsigned producer = 0;
  std::uint64_t sequence = 0;
};
inline constexpr std::size_t kRecordBytesMin = 32;
inline constexpr std::size_t kJsonRecordBytesMin = 128;

void fill_record(std::string& record, const RecordIdentity& identity, std::size_t size);
/// The same as a JSON object with the members id (the identity), customer (one of 1,000), n, value and note.
void fill_json_record(std::string& record, const RecordIdentity& identity, std::size_t size);
/// Empty: not a record of this program.
std::optional<RecordIdentity> identity_of(std::string_view record);

}  // namespace kload
