#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"

namespace forebay::spool {

/// Names inside a journal directory: "0000000000000012.journal" (hexadecimal file number), "spare.7", "lock",
/// "identity".
std::string journal_file_name(std::uint64_t number);
std::optional<std::uint64_t> parse_journal_file_name(std::string_view name);
std::string spare_file_name(std::uint64_t id);
std::optional<std::uint64_t> parse_spare_file_name(std::string_view name);
inline constexpr std::string_view kLockFileName = "lock";
inline constexpr std::string_view kIdentityFileName = "identity";

/// Numbers of all journal files, rising.
Result<std::vector<std::uint64_t>> list_journal_files(FileSystem& files, const std::string& path);
Result<std::vector<std::uint64_t>> list_spare_files(FileSystem& files, const std::string& path);

}  // namespace forebay::spool
