#include "gateway/log/attributes.h"

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/units.h"

namespace forebay::gateway::log {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::size_t kKeyBytesMax = 1024;
constexpr std::size_t kValueBytesMax = 64_KiB;
constexpr std::size_t kOwnerBytesMax = 1_MiB;

void write_key(ByteWriter& writer, std::string_view text) {
  writer.u16_le(static_cast<std::uint16_t>(text.size()));
  writer.text(text);
}

void write_change(ByteWriter& writer, const AttributeChange& change) {
  write_key(writer, change.key);
  writer.u8(change.value ? 1 : 0);
  if (!change.value) return;
  writer.u32_le(static_cast<std::uint32_t>(change.value->size()));
  writer.text(*change.value);
}

AttributeChange read_change(ByteReader& reader) {
  AttributeChange change;
  change.key = reader.text(reader.u16_le());
  if (reader.u8() != 0) change.value = reader.text(reader.u32_le());
  return change;
}

}  // namespace

void apply_changes(const std::vector<AttributeChange>& changes, Attributes& attributes) {
  for (const AttributeChange& change : changes) {
    if (change.value) attributes.insert_or_assign(change.key, *change.value);
    else attributes.erase(change.key);
  }
}

Result<void> check_bounds(const Attributes& attributes) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : attributes) {
    bytes += key.size() + value.size();
    if (key.empty() || key.size() > kKeyBytesMax)
      return Error{Errc::invalid_argument, "attribute keys have 1..1024 bytes, this one has " + std::to_string(key.size())};
    if (value.size() > kValueBytesMax)
      return Error{Errc::invalid_argument, "attribute " + key + " has " + std::to_string(value.size()) +
                                               " bytes, at most 65536 are kept"};
  }
  if (bytes <= kOwnerBytesMax) return {};
  return Error{Errc::invalid_argument, "the attributes would have " + std::to_string(bytes) +
                                           " bytes, at most 1048576 are kept for one stream or account: remove some"};
}

void encode(const AttributesChange& change, Buffer& out) {
  ByteWriter writer(out);
  writer.u8(kFormat);
  writer.u64_le(change.stream.value());
  write_key(writer, change.account);
  writer.u32_le(static_cast<std::uint32_t>(change.changes.size()));
  for (const AttributeChange& one : change.changes) write_change(writer, one);
}

Result<AttributesChange> decode_attributes_change(ByteView bytes) {
  ByteReader reader(bytes);
  if (const std::uint8_t format = reader.u8(); format != kFormat)
    return Error{Errc::unsupported, "change of attributes of format " + std::to_string(format) + ", this gateway knows 1"};
  AttributesChange change;
  change.stream = StreamId(reader.u64_le());
  change.account = reader.text(reader.u16_le());
  const std::uint32_t count = reader.u32_le();
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) change.changes.push_back(read_change(reader));
  if (!reader.ok() || !reader.at_end()) return Error{Errc::corrupt, "change of attributes is malformed"};
  return change;
}

}  // namespace forebay::gateway::log
