#include "gateway/delivery/objects/zone_database.h"

#include <algorithm>
#include <fstream>

namespace forebay::gateway::delivery {
namespace {

constexpr std::size_t kNameMax = 64;

bool fits(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '+' || c == '/';
}

/// No dots and no leading slash: it cannot leave the folder.
bool is_zone_name(std::string_view name) {
  return !name.empty() && name.size() <= kNameMax && name[0] != '/' && name.back() != '/' &&
         std::all_of(name.begin(), name.end(), fits);
}

}  // namespace

Result<TimeZone> load_time_zone(std::string_view name, const std::string& folder) {
  if (name.empty() || name == "UTC") return TimeZone();
  const Error unknown{Errc::invalid_argument,
                      "time zone \"" + std::string(name) + "\": no IANA name such as Europe/Berlin"};
  if (!is_zone_name(name)) return unknown;
  std::ifstream in(folder + "/" + std::string(name), std::ios::binary);
  Buffer bytes(kZoneFileBytesMax + 1);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (!bytes.empty()) return TimeZone::parse(bytes, folder + "/" + std::string(name));
  if (!std::ifstream(folder + "/Europe/London", std::ios::binary))
    return Error{Errc::unsupported, "time zone \"" + std::string(name) + "\": no tz database in " + folder +
                                        "; install the package tzdata, or use UTC"};
  return unknown;
}

}  // namespace forebay::gateway::delivery
