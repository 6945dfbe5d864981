#include "gateway/delivery/sinks/request_id.h"

#include <algorithm>

#include "base/digest.h"
#include "base/hex.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_guid(std::string_view text) {
  return std::equal(text.begin(), text.end(), kForm.begin(), kForm.end(),
                    [](char c, char form) { return form == '-' ? c == '-' : is_hex(c); });
}

}  // namespace

std::string guid_of(std::string_view id) {
  if (is_guid(id)) return std::string(id);
  Md5 bytes = md5(as_bytes(id));
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x30);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::string text = to_hex(bytes);
  for (const std::size_t at : {8, 13, 18, 23}) text.insert(at, 1, '-');
  return text;
}

}  // namespace forebay::gateway::delivery
